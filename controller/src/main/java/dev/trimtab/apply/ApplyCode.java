package dev.trimtab.apply;

import dev.trimtab.codes.Code;
import dev.trimtab.kube.ErrorClass;

/** Why a change was not carried out. */
public enum ApplyCode implements Code {
    EMPTY_SET("GRD001", "Git holds no object for this sync any more; nothing is deleted without a person's word."),
    ALL_NAMESPACES("GRD002", "Every namespace of this sync would be deleted at once; nothing is deleted."),
    WAITING_FOR_APPLY("GRD003", "Deletes wait until everything else of the revision is applied."),
    NOT_OURS("GRD004", "The object no longer belongs to this sync; it is not deleted."),
    PROTECTED("GRD005", "The object's kind is protected; it is not deleted without a person's word."),
    DELETE_BUDGET("GRD006", "The plan deletes more objects than it may; nothing is deleted without a person's word."),
    RECREATE_BUDGET(
            "GRD007", "The plan recreates more workloads than it may; none is recreated without a person's word."),
    RECREATE_CONSENT(
            "GRD008",
            "A field changes that never can; the object is deleted and created again only when Git or a person allows it."),
    DANGER_CONSENT(
            "GRD009",
            "The change is dangerous to more than its object; it is made only when Git or a person allows it."),

    INVALID("APL001", "The server refuses the object as it is written."),
    FORBIDDEN("APL002", "The server does not allow Trimtab to write the object."),
    KIND_MISSING("APL003", "The cluster does not serve the kind."),
    NAMESPACE_MISSING("APL004", "The namespace is not in the cluster."),
    CONFLICT("APL005", "Somebody else wrote the object at the same time, again and again."),
    NO_ANSWER("APL006", "The server did not take the object after several attempts."),
    NOT_ESTABLISHED("APL007", "The CustomResourceDefinition was written and is not served in time."),
    REPLACED("APL008", "The object was deleted and created again by somebody else since the plan was made."),
    UNREACHABLE("APL009", "The server does not answer."),
    OTHER_SYNC("APL010", "Another sync made or took the object since the plan was made.");

    private final String id;
    private final String meaning;

    ApplyCode(String id, String meaning) {
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

    /** Whether a person who approves the plan releases what is held. */
    public boolean approvable() {
        return switch (this) {
            case EMPTY_SET,
                    ALL_NAMESPACES,
                    PROTECTED,
                    DELETE_BUDGET,
                    RECREATE_BUDGET,
                    RECREATE_CONSENT,
                    DANGER_CONSENT -> true;
            default -> false;
        };
    }

    static ApplyCode of(ErrorClass errorClass) {
        return switch (errorClass) {
            case INVALID -> INVALID;
            case FORBIDDEN -> FORBIDDEN;
            case KIND_MISSING -> KIND_MISSING;
            case NAMESPACE_MISSING -> NAMESPACE_MISSING;
            case CONFLICT, ALREADY_EXISTS -> CONFLICT;
            case UNREACHABLE -> UNREACHABLE;
            case NOT_FOUND, GONE, RETRY -> NO_ANSWER;
        };
    }
}
