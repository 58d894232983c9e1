package dev.trimtab.inplace.prepull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.prepull.PrePullState.Failed;
import dev.trimtab.inplace.prepull.PullPod.Stage;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the pull pods of some kinds of workloads, and creates and deletes them. Decides nothing: see {@link PrePullPlan}. */
public final class PrePull implements AutoCloseable {

    /** Field manager of what this writes. */
    static final String FIELD_MANAGER = "trimtab-pre-pull";

    private static final Logger LOG = LoggerFactory.getLogger(PrePull.class);

    /** Only until the first list is there. */
    private static final Duration SOON = Duration.ofMillis(200);

    private final ClusterClient cluster;
    private final Clock clock;
    private final ResourceType type;
    private final Set<String> kinds;
    private final Informer pods;

    /** Templates that nothing is pulled for because the cluster does not let us, by uid of the workload. */
    private final Map<String, String> skipped = new ConcurrentHashMap<>();

    /** What was said last of the pulls of a workload. */
    private final Map<String, String> said = new ConcurrentHashMap<>();

    /** What failed first, by uid of the workload: as long as it does it is not told anew in other words. */
    private final Map<String, Failed> failures = new ConcurrentHashMap<>();

    /**
     * @param kinds of the workloads whose pull pods are looked at
     * @param changed is told the workload of a pull pod that changed; runs on a thread of the watch, must only enqueue
     */
    public PrePull(ClusterClient cluster, Clock clock, Set<String> kinds, Consumer<ObjectKey> changed) {
        this.cluster = cluster;
        this.clock = clock;
        this.kinds = Set.copyOf(kinds);
        this.type = cluster.resource("v1", "Pod")
                .orElseThrow(() -> new IllegalStateException(cluster.name() + " serves no Pod"));
        this.pods = cluster.informer(
                type,
                Optional.empty(),
                PullPod.LABEL,
                event -> new PullPod(event.object())
                        .workload()
                        .filter(key -> this.kinds.contains(key.kind()))
                        .ifPresent(changed));
    }

    /**
     * Takes the next steps towards the images being there.
     *
     * @throws ApiException when the server does not answer
     */
    public PrePullState bring(PrePullOrder order) {
        if (order.revision().equals(skipped.get(order.uid()))) {
            return new PrePullState.Ready();
        }
        if (!pods.synced()) {
            return new PrePullState.Pulling(0, order.nodes().size(), Optional.of(SOON));
        }
        List<PullPod> present = present(order.key());
        PrePullPlan plan = PrePullPlan.of(order, present, clock.instant());
        say(order, plan);
        plan.delete().forEach(pod -> {
            if (pod.stage(clock.instant()) == Stage.PASSED_OVER) {
                LOG.warn(
                        "{}: node {} did not pull in time or did not take {}, going on without",
                        order,
                        pod.node(),
                        pod);
            }
            delete(pod);
        });
        plan.mark().ifPresent(this::mark);
        int underWay = plan.underWay();
        for (String node : plan.create()) {
            Optional<ApiException> refused = create(order, node);
            if (refused.isPresent() && underWay == 0) {
                // Pulling first is a favour. A namespace that has no room for the pods, or an admission that does not
                // want them, must not keep its workloads from being rolled out for good.
                LOG.warn(
                        "{}: new images are not pulled before its pods restart, as the pods for that are refused: {}",
                        order,
                        refused.get().getMessage());
                skipped.put(order.uid(), order.revision());
                present.forEach(this::delete);
                return new PrePullState.Ready();
            }
            if (refused.isPresent()) {
                // Those under way take the room; when one is over this is tried again.
                break;
            }
            underWay++;
        }
        return plan.state() instanceof Failed failed ? told(order, failed, present) : succeeds(order, plan.state());
    }

    private PrePullState told(PrePullOrder order, Failed failed, List<PullPod> present) {
        Failed tell = Optional.ofNullable(failures.get(order.uid()))
                .filter(before -> order.images().contains(before.image()))
                .filter(before -> present.stream().anyMatch(pod -> fails(pod, order, before.node())))
                .map(before -> before.again(failed.again()))
                .orElse(failed);
        failures.put(order.uid(), tell);
        return tell;
    }

    private boolean fails(PullPod pod, PrePullOrder order, String node) {
        return pod.node().equals(node)
                && pod.revision().equals(order.revision())
                && pod.stage(clock.instant()) == Stage.FAILED;
    }

    private PrePullState succeeds(PrePullOrder order, PrePullState state) {
        failures.remove(order.uid());
        return state;
    }

    /** Removes what is left of pulls for a workload. Costs nothing where there is none. */
    public void clear(ObjectKey workload) {
        present(workload).stream().filter(pod -> !pod.deleting()).forEach(pod -> {
            said.remove(pod.workloadUid());
            failures.remove(pod.workloadUid());
            delete(pod);
        });
    }

    /** One line for each node that images are being pulled on for a workload: where, what, and what the kubelet says. */
    public static List<String> report(ClusterClient cluster, ObjectNode workload) {
        JsonNode metadata = workload.path("metadata");
        String label = PullPod.LABEL + "=" + metadata.path("uid").asText();
        Optional<String> namespace = Optional.of(metadata.path("namespace").asText());
        return cluster.resource("v1", "Pod").stream()
                .flatMap(type -> cluster.list(type, namespace, label).stream())
                .map(PullPod::new)
                .filter(pod -> !pod.tellsDone())
                .map(PullPod::line)
                .sorted()
                .toList();
    }

    private List<PullPod> present(ObjectKey workload) {
        return pods.list().stream()
                .map(PullPod::new)
                .filter(pod -> pod.workload().filter(workload::equals).isPresent())
                .toList();
    }

    /** Empty when it is there. */
    private Optional<ApiException> create(PrePullOrder order, String node) {
        try {
            ObjectNode created = cluster.create(type, PullPodSpec.of(order, node), FIELD_MANAGER);
            LOG.debug("{}: pulling new images on {} by {}", order, node, new PullPod(created));
            return Optional.empty();
        } catch (ApiException refused) {
            return switch (refused.errorClass()) {
                // Created before, and not seen yet; or about to be gone, which its event tells.
                case ALREADY_EXISTS -> Optional.empty();
                case RETRY, UNREACHABLE, CONFLICT -> throw refused;
                default -> Optional.of(refused);
            };
        }
    }

    private void mark(PullPod pod) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata")
                .putObject("annotations")
                .put(PullPod.DONE, clock.instant().toString());
        try {
            cluster.patch(
                    type,
                    pod.workload().flatMap(ObjectKey::namespace),
                    pod.name(),
                    "",
                    PatchType.MERGE,
                    patch,
                    FIELD_MANAGER);
        } catch (ApiException refused) {
            if (refused.errorClass() != ErrorClass.NOT_FOUND) {
                throw refused;
            }
        }
    }

    private void delete(PullPod pod) {
        var unused = cluster.delete(
                type, pod.workload().flatMap(ObjectKey::namespace), pod.name(), pod.uid(), Propagation.BACKGROUND);
    }

    private void say(PrePullOrder order, PrePullPlan plan) {
        String now = plan.state() instanceof PrePullState.Ready ? "ready" : "pulling " + order.revision();
        if (now.equals(said.put(order.uid(), now))) {
            return;
        }
        if (plan.state() instanceof PrePullState.Ready) {
            LOG.info("{}: the new images are where its pods run", order);
        } else {
            LOG.info(
                    "{}: pulling {} on {} nodes before its pods restart",
                    order,
                    String.join(", ", order.images()),
                    order.nodes().size());
        }
    }

    @Override
    public void close() {
        pods.close();
    }
}
