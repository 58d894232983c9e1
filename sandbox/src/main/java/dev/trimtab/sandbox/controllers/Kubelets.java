package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The kubelets of all nodes: they run what is bound to their node and write what became of it. An image that changed is
 * answered in a kubelet's order: first a status that has observed the new generation while the old container still runs and is
 * ready, then the restart.
 *
 * <p>Pods that no kubelet can finish, because they were never bound or their node is gone, are removed here too.
 */
final class Kubelets implements Controller {

    private static final String MANAGER = "kubelet";

    private final Loop loop;
    private final Informer pods;
    private final Informer nodes;
    private final Predicate<String> ours;
    private final KubeletTimes times;
    private final PodAddresses addresses;
    private final Index podsByNode;
    /** What the container runtimes hold, by pod uid. */
    private final Map<String, PodRun> runs = new HashMap<>();

    /** @param ours names of the nodes whose kubelets these are; the empty name is that of no node */
    Kubelets(Loop loop, Informers informers, Index podsByNode, Predicate<String> ours, KubeletTimes times) {
        this.loop = loop;
        this.pods = informers.of("pods");
        this.nodes = informers.of("nodes");
        this.ours = ours;
        this.times = times;
        this.podsByNode = podsByNode;
        this.addresses = new PodAddresses(podsByNode);
    }

    void start() {
        pods.onChange(this::podChanged);
        nodes.onChange(this::nodeChanged);
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (after != null) {
            loop.enqueue(this, Key.of(after));
        } else if (before != null) {
            runs.remove(ObjectMeta.uid(before));
            addresses.forget(ObjectMeta.uid(before));
        }
    }

    private void nodeChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        ObjectNode node = after != null ? after : before;
        if (node != null && (before == null || after == null)) {
            podsByNode.get(ObjectMeta.name(node)).forEach(pod -> loop.enqueue(this, Key.of(pod)));
        }
    }

    @Override
    public void reconcile(Key key) {
        Optional<ObjectNode> present = pods.get(key);
        if (present.isEmpty()) {
            return;
        }
        ObjectNode pod = present.get();
        String nodeName = pod.path("spec").path("nodeName").asText();
        if (!ours.test(nodeName)) {
            return;
        }
        Optional<ObjectNode> node = nodes.get(new Key("", nodeName));
        if (nodeName.isEmpty()) {
            if (ObjectMeta.deleting(pod)) {
                pods.deleteNow(pod);
            }
        } else if (node.isEmpty()) {
            pods.deleteNow(pod);
        } else if (node.get().path("spec").hasNonNull("podCIDR")) {
            run(pod, node.get());
        }
    }

    private void run(ObjectNode pod, JsonNode node) {
        Instant now = loop.now();
        if (PodState.finished(pod)) {
            if (ObjectMeta.deleting(pod)) {
                pods.deleteNow(pod);
            }
            return;
        }
        PodRun run =
                runs.computeIfAbsent(ObjectMeta.uid(pod), uid -> new PodRun(pod, addresses.of(pod, node), times, now));
        run.advance(pod, now);
        ObjectNode status = PodStatus.of(pod, run, Nodes.internalIp(node), now);
        if (!Trees.same(status, pod.path("status"))) {
            ObjectNode changed = pod.deepCopy();
            changed.set("status", status);
            pods.updateStatus(changed, MANAGER);
        }
        if (ObjectMeta.deleting(pod) && run.stopped()) {
            pods.get(Key.of(pod)).ifPresent(pods::deleteNow);
            return;
        }
        run.next(pod, now).ifPresent(at -> loop.enqueueAt(this, Key.of(pod), at));
    }
}
