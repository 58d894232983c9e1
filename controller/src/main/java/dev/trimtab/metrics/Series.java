package dev.trimtab.metrics;

import java.util.List;

/** Every series of its own that Trimtab exports. Those of the JVM come on top. */
public enum Series {
    BUILD_INFO("trimtab_build_info", Type.GAUGE, "version,java_version", "1; which Trimtab runs, on which Java."),
    LEADER(
            "trimtab_leader",
            Type.GAUGE,
            "cluster,sync",
            "1 where this process keeps the sync: it has looked at the repository or tried to, and works on; else 0. Each sync"
                    + " has one process today, so that 0 means nobody."),
    CLUSTER_UP(
            "trimtab_cluster_up",
            Type.GAUGE,
            "cluster",
            "Whether the API server answers: 1, or 0 since a request or a watch had no answer."),
    API_REQUESTS(
            "trimtab_api_requests_total",
            Type.COUNTER,
            "cluster,verb,code",
            "Requests to the API server by verb (get, watch, create, apply, patch, delete) and HTTP code; code 0 is no answer."),
    API_REQUEST_DURATION(
            "trimtab_api_request_duration_seconds",
            Type.HISTOGRAM,
            "cluster,verb",
            "Time until an answer of the API server began; without watches."),
    WATCHES("trimtab_watches", Type.GAUGE, "cluster", "Open watches."),
    COMPARED(
            "trimtab_cluster_last_comparison_timestamp_seconds",
            Type.GAUGE,
            "cluster,sync",
            "Up to when it is known how the cluster stands to Git: when everything was compared, kept true at rest by what the"
                    + " watches hear. The start of the process until the first comparison."),
    APPLY_SUCCESS(
            "trimtab_cluster_last_apply_success_timestamp_seconds",
            Type.GAUGE,
            "cluster,sync",
            "When a plan was last carried out whole, or all objects could be compared again; 0 before the first."),
    APPLY_FAILURE(
            "trimtab_cluster_last_apply_failure_timestamp_seconds",
            Type.GAUGE,
            "cluster,sync",
            "When objects last could not be written or compared; 0 before the first."),
    APPLYING(
            "trimtab_cluster_applying",
            Type.GAUGE,
            "cluster,sync",
            "1 while the sync writes to the cluster; a rollout that waits for pods does not count."),
    PENDING_COMMITS(
            "trimtab_cluster_pending_commits",
            Type.GAUGE,
            "cluster,sync",
            "Commits that were seen since the last one that was applied as a whole. Not drift. 0 in mode observe, which applies"
                    + " none."),
    DRIFT_OBJECTS(
            "trimtab_drift_objects",
            Type.GAUGE,
            "cluster,sync,type,severity",
            "Objects that are not what Git says, by type (changed, missing, extra) and severity (critical, warning). All six"
                    + " series are always there. What a running apply changes and fields that are ignored do not count."),
    DRIFT_FIRST_SEEN(
            "trimtab_drift_object_first_seen_timestamp_seconds",
            Type.GAUGE,
            "cluster,sync,namespace,kind,name,type,manager",
            "Since when an object has drifted, and which field manager wrote it; only while it drifts, for at most 200 objects a"
                    + " sync."),
    DRIFT_DROPPED(
            "trimtab_drift_object_series_dropped", Type.GAUGE, "cluster,sync", "Drifted objects beyond those 200."),
    DRIFT_CORRECTIONS(
            "trimtab_drift_corrections_total",
            Type.COUNTER,
            "cluster,sync,namespace,kind",
            "Objects whose drift Trimtab put right. Many of one kind are a fight with somebody."),
    APPLIES(
            "trimtab_applies_total",
            Type.COUNTER,
            "cluster,sync,result",
            "Plans that were carried out: success, or partial where something failed or waits."),
    CHANGES(
            "trimtab_changes_total",
            Type.COUNTER,
            "cluster,sync,action",
            "Changes that were made: in_place, recreate, apply, create, delete."),
    FALLBACKS(
            "trimtab_in_place_fallbacks_total",
            Type.COUNTER,
            "cluster,reason",
            "Rollouts that began in place and were left to the workload's own controller, which replaces pods: resumed,"
                    + " several_replica_sets, impossible_in_pod."),
    ROLLOUT_PODS(
            "trimtab_rollout_pods",
            Type.GAUGE,
            "cluster,namespace,kind,name,state",
            "Pods of a rollout in place under way: updated, updating, waiting."),
    ROLLOUT_STALLED(
            "trimtab_rollout_stalled",
            Type.GAUGE,
            "cluster,namespace,kind,name",
            "1 where a rollout in place goes no further, else 0; only while it is under way."),
    SOURCE_UP(
            "trimtab_source_up", Type.GAUGE, "source,sync", "Whether the repository answers with what can be trusted."),
    SOURCE_FETCH(
            "trimtab_source_last_fetch_timestamp_seconds",
            Type.GAUGE,
            "source,sync",
            "When the repository last answered; the start of the process until the first answer."),
    SUSPENDED(
            "trimtab_suspended_since_timestamp_seconds",
            Type.GAUGE,
            "cluster,scope",
            "Since when a sync, the scope, has been seen suspended; only while it is."),
    PLANS(
            "trimtab_plans_total",
            Type.COUNTER,
            "cluster,sync,result",
            "Plans of whole revisions: changes, unchanged, or problems where objects could not be compared."),
    PLAN_DURATION(
            "trimtab_plan_duration_seconds",
            Type.HISTOGRAM,
            "cluster,sync",
            "Time from the first question to the cluster to the plan."),
    QUEUE_DEPTH(
            "trimtab_queue_depth",
            Type.GAUGE,
            "cluster,sync",
            "What waits for the sync: objects that somebody touched, and each other reason to look, also what waits for its next"
                    + " try. 0 at rest."),
    QUEUE_OLDEST(
            "trimtab_queue_oldest_age_seconds",
            Type.GAUGE,
            "cluster,sync",
            "For how long the first of what is new has been waiting, until the sync is through with it; 0 where nothing is. What"
                    + " waits for its next try does not count."),
    QUEUE_HANDLED(
            "trimtab_queue_handled_total",
            Type.COUNTER,
            "cluster,sync",
            "How often the sync took up what waited; each poll of the repository is one."),
    QUEUE_BUSY(
            "trimtab_queue_busy_seconds_total",
            Type.COUNTER,
            "cluster,sync",
            "How long the sync was at it, repository and cluster included; its increase in a second is at most 1."),
    QUEUE_RETRIES(
            "trimtab_queue_retries_total",
            Type.COUNTER,
            "cluster,sync,reason",
            "Failures after which the sync tries again, with growing waits: source, cluster, apply, nodes, internal."),
    HOOKS(
            "trimtab_webhook_requests_total",
            Type.COUNTER,
            "forge,result",
            "Push hooks: accepted, ignored, bad_signature, or bad_request. The forge is unknown where no forge sends such a"
                    + " request.");

    /** Prometheus documentation, "Metric types". */
    public enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM
    }

    private final String id;
    private final Type type;
    private final String labels;
    private final String help;

    Series(String id, Type type, String labels, String help) {
        this.id = id;
        this.type = type;
        this.labels = labels;
        this.help = help;
    }

    /** As Prometheus has it. */
    public String id() {
        return id;
    }

    public Type type() {
        return type;
    }

    /** Names of its labels, in order. */
    public List<String> labels() {
        return List.of(labels.split(",", -1));
    }

    public String help() {
        return help;
    }
}
