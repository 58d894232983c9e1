package dev.trimtab.plan;

import dev.trimtab.codes.Code;
import dev.trimtab.kube.ErrorClass;

/** Why the plan does what it does to an object, and why an object could not be compared. */
public enum PlanCode implements Code {
    GONE_FROM_GIT("DEL001", "The file is gone from Git."),
    LEAVING("DEL002", "The file is gone from Git, and the object is being deleted; finalizers or pods hold it."),
    GONE_EVERYWHERE("REL001", "The object is gone from Git and from the cluster."),
    NOT_OURS_ANY_MORE("REL002", "The file is gone from Git, and the object belongs to this sync no longer; it stays."),
    KEPT("REL003", "The file is gone from Git, and the object says that it stays: it is an orphan from now on."),
    NOT_YET_THERE("NEW001", "The object is in Git and not in the cluster yet."),
    FIELDS_DIFFER("CHG001", "Fields differ from Git; no running pod is touched."),
    OWNERSHIP_DIFFERS("CHG002", "No value differs; only the ownership of fields moves."),
    ADOPTED("CHG004", "The object was there before this sync, or others came to own fields of it; it is taken over."),
    VERSION_GONE(
            "CHG005", "The object's managedFields name an API version that is no longer served; they are rewritten."),
    LEFT_TO_OTHERS(
            "CHG006", "Fields are left to others by an ignore rule or for what scales the object; their values stay."),
    PAUSED("CHG003", "The pod template changes while the workload is paused; no pod is touched until it goes on."),
    DRIFTED("DRF001", "Fields were changed in the cluster and not in Git; Git's values are put back."),
    DELETED_IN_CLUSTER("DRF002", "The object was deleted in the cluster and is still in Git; it is created again."),
    IMMUTABLE("IMM001", "A field changes that the server never lets change; the object is deleted and created again."),
    SCALED("SCL001", "Only the number of replicas changes."),

    INVALID("PLN001", "The server refuses the object as it is written."),
    FORBIDDEN("PLN002", "The server does not allow Trimtab to read or write the object."),
    KIND_MISSING("PLN003", "The cluster does not serve the kind, and no CustomResourceDefinition in Git brings it."),
    NAMESPACE_MISSING("PLN004", "The namespace is neither in the cluster nor in Git."),
    CONFLICT("PLN005", "Somebody else wrote the object at the same time."),
    NO_ANSWER("PLN006", "The server could not answer now; the object is asked for again."),
    TERMINATING("PLN007", "The object is being deleted; it is created again once it is gone."),
    NAMESPACE_NOT_WRITTEN("PLN008", "The kind is namespaced, and metadata.namespace is not written."),
    NAMESPACE_TOO_MUCH("PLN009", "The kind has no namespaces, and metadata.namespace is written."),
    OTHER_SYNC("PLN010", "Another sync manages the object."),
    STILL_NEEDED(
            "PLN011",
            "A namespace or a definition is gone from Git while objects in it are not; deleting it would delete them too."),
    OTHER_TOOL("PLN012", "Helm, Flux or Argo CD manages the object, and Git does not say that it is to be taken over."),
    NEVER_RECREATED("PLN013", "A field of a volume or a claim would have to change that never can.");

    private final String id;
    private final String meaning;

    PlanCode(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String meaning() {
        return meaning;
    }

    /** Whether the same object may be taken later although Git does not change. */
    public boolean mayPass() {
        return switch (this) {
            case KIND_MISSING, NAMESPACE_MISSING, CONFLICT, NO_ANSWER, TERMINATING, LEAVING, OTHER_SYNC -> true;
            default -> false;
        };
    }

    /** The code of an object that could not be compared. */
    static PlanCode of(ErrorClass errorClass) {
        return switch (errorClass) {
            case INVALID -> INVALID;
            case FORBIDDEN -> FORBIDDEN;
            case KIND_MISSING -> KIND_MISSING;
            case NAMESPACE_MISSING -> NAMESPACE_MISSING;
            case CONFLICT, ALREADY_EXISTS -> CONFLICT;
            case NOT_FOUND, GONE, RETRY, UNREACHABLE -> NO_ANSWER;
        };
    }
}
