package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Renews the Leases by which a node lifecycle controller knows that kubelets live. Only for control planes that have one: at
 * rest the sandbox itself writes nothing.
 */
final class NodeLeases implements Controller {

    private static final String MANAGER = "kubelet";
    private static final String NAMESPACE = "kube-node-lease";
    /** A kubelet's default: four missed renewals in a row make a node suspect. */
    private static final Duration DURATION = Duration.ofSeconds(40);

    private static final Duration RENEWAL = DURATION.dividedBy(4);
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Loop loop;
    private final Informer nodes;
    private final Informer leases;
    private final Predicate<String> ours;

    NodeLeases(Loop loop, Informers informers, Predicate<String> ours) {
        this.loop = loop;
        this.nodes = informers.of("nodes");
        this.leases = informers.of("leases.coordination.k8s.io");
        this.ours = ours;
    }

    void start() {
        nodes.onChange((before, after) -> {
            if (before == null && after != null && ours.test(ObjectMeta.name(after))) {
                loop.enqueue(this, Key.of(after));
            }
        });
    }

    @Override
    public void reconcile(Key node) {
        Optional<ObjectNode> alive = nodes.get(node);
        if (alive.isEmpty()) {
            return;
        }
        Instant now = loop.now();
        Optional<ObjectNode> present = leases.get(new Key(NAMESPACE, node.name()));
        if (present.isPresent()) {
            ObjectNode lease = present.get().deepCopy();
            lease.withObject("spec").put("renewTime", MICRO_TIME.format(now));
            leases.update(lease, MANAGER);
        } else {
            leases.create(lease(alive.get(), now), MANAGER);
        }
        loop.enqueueAt(this, node, now.plus(RENEWAL));
    }

    private static ObjectNode lease(ObjectNode node, Instant now) {
        String name = ObjectMeta.name(node);
        ObjectNode lease = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "coordination.k8s.io/v1")
                .put("kind", "Lease");
        ObjectNode metadata =
                lease.putObject("metadata").put("namespace", NAMESPACE).put("name", name);
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "Node")
                .put("name", name)
                .put("uid", ObjectMeta.uid(node));
        lease.putObject("spec")
                .put("holderIdentity", name)
                .put("leaseDurationSeconds", DURATION.toSeconds())
                .put("renewTime", MICRO_TIME.format(now));
        return lease;
    }
}
