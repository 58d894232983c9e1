package dev.trimtab.inplace;

/** Labels, annotations and conditions of CloneSet pods, spelled as OpenKruise spells them so that either controller can take over. */
final class CloneSetKeys {

    static final String GROUP = "apps.kruise.io";
    static final String API_VERSION = GROUP + "/v1alpha1";
    static final String KIND = "CloneSet";

    /** Five characters that name a pod within its CloneSet. */
    static final String INSTANCE_ID = "apps.kruise.io/cloneset-instance-id";

    /** Which revision a pod is at: the name of a ControllerRevision. */
    static final String REVISION = "controller-revision-hash";

    static final String TEMPLATE_HASH = "pod-template-hash";

    /** On ControllerRevisions. */
    static final String HASH = "controller.kubernetes.io/hash";

    static final String LIFECYCLE_STATE = "lifecycle.apps.kruise.io/state";
    static final String LIFECYCLE_TIMESTAMP = "lifecycle.apps.kruise.io/timestamp";
    static final String PREPARING_NORMAL = "PreparingNormal";
    static final String NORMAL = "Normal";
    static final String PREPARING_UPDATE = "PreparingUpdate";
    static final String UPDATING = "Updating";
    static final String UPDATED = "Updated";
    static final String PREPARING_DELETE = "PreparingDelete";

    /** On a CloneSet of v1alpha1: pods on their way out are not counted any more. */
    static final String EXCLUDE_PREPARING_DELETE = "apps.kruise.io/cloneset-scaling-exclude-preparing-delete";

    /** On a pod: its containers are to start, and so to restart, in the order they are written in. */
    static final String LAUNCH_PRIORITY = "apps.kruise.io/container-launch-priority";

    static final String SPECIFIED_DELETE = "apps.kruise.io/specified-delete";
    static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    /** What the last update of a pod began from; see {@link InPlaceState}. */
    static final String UPDATE_STATE = "apps.kruise.io/inplace-update-state";

    /** Readiness gate, and the condition that opens it. */
    static final String GATE = "InPlaceUpdateReady";

    static final String STARTED = "StartInPlaceUpdate";

    private CloneSetKeys() {}
}
