package dev.trimtab.inplace;

import dev.trimtab.codes.Code;

/** What decided over running pods: 1xx keeps them, 2xx replaces them. */
public enum VerdictCode implements Code {
    IMAGE("POD110", "Only container images change: the containers restart inside the running pods."),
    RESTART(
            "POD111",
            "A restart is asked for: the containers restart inside the running pods, with the image they have."),
    RESTART_FOR_ENV(
            "POD112", "A container restarts inside the running pods because its environment reads what changes."),
    RESTART_FOR_CONFIG(
            "POD113",
            "A container restarts inside the running pods because it read a ConfigMap or Secret that changes when it started."),
    METADATA("POD120", "Labels, annotations or finalizers are patched on the running pods; nothing restarts."),
    CONTAINER_ORDER("POD121", "Only the order of containers changes, which means nothing to a pod that runs."),
    RESIZE("POD125", "Cpu or memory of running containers changes; nothing restarts."),
    ON_DELETE("POD130", "Running pods keep the old template until somebody deletes them."),

    POLICY_RECREATE("POD201", "The update strategy is ReCreate, so any change of the template replaces the pods."),
    IN_PLACE_ONLY("POD202", "The update strategy is InPlaceOnly and the change cannot be made in a running pod."),
    NATIVE_WORKLOAD("POD203", "The workload's own controller replaces pods for any change of the template."),
    RESTART_ASKED("POD204", "The template asks for a restart by an annotation."),
    ENV_READS_METADATA("POD205", "An environment variable reads a label or annotation that changes."),
    NO_POD_TO_SPARE("POD207", "Containers could restart in place, but the workload lets no pod be unavailable for it."),
    NO_OTHER_REFERENCE(
            "POD208", "A container could restart in place, but no other reference to the image that it runs is known."),
    REVISION_UNKNOWN("POD206", "The revision a pod was made from is not there any more, so nothing can be compared."),
    ENV("POD210", "Environment variables cannot change in a running pod."),
    COMMAND("POD211", "Command and arguments cannot change in a running pod."),
    PORTS("POD212", "Container ports cannot change in a running pod."),
    PROBES("POD213", "Probes cannot change in a running pod."),
    VOLUMES("POD214", "Volumes and their mounts cannot change in a running pod."),
    INIT_IMAGE("POD215", "An init container ran before the pod was up; a new image takes effect in a new pod only."),
    CONTAINERS("POD216", "Containers cannot be added to or removed from a running pod."),
    RESOURCES("POD217", "These resource requests and limits cannot change in a running pod, or not here."),
    SCHEDULING("POD218", "Where a pod may run is decided before it runs."),
    SECURITY("POD219", "Security settings cannot change in a running pod."),
    OTHER("POD299", "The field cannot change in a running pod.");

    private final String id;
    private final String meaning;

    VerdictCode(String id, String meaning) {
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

    /** True when a pod has to be replaced for it. */
    boolean replacesPods() {
        return id.charAt(3) == '2';
    }
}
