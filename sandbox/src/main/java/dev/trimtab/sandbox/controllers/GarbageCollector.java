package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import dev.trimtab.sandbox.controllers.OwnerGraph.OwnerState;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what all owners have left, by uid: in the background after its owner, in the foreground before it. An owner that
 * is deleted as an orphan maker is taken out of its dependents instead.
 */
final class GarbageCollector {

    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";
    private static final String MANAGER = "kube-controller-manager";

    private final Loop loop;
    private final OwnerGraph graph;
    private final Map<String, Collector> collectors = new HashMap<>();

    GarbageCollector(Loop loop, OwnerGraph graph) {
        this.loop = loop;
        this.graph = graph;
    }

    void start() {
        graph.follow((resource, informer) -> {
            Collector collector = new Collector(informer);
            collectors.put(informer.resource(), collector);
            informer.onChange(collector::changed);
            // An owner of a kind that was not known was taken to be there; it may have gone before the kind was known.
            graph.referrers(resource, (of, referrer) -> enqueue(of, Key.of(referrer)));
        });
    }

    private void enqueue(Informer informer, Key key) {
        Collector collector = collectors.get(informer.resource());
        if (collector != null) {
            loop.enqueue(collector, key);
        }
    }

    /** The part for one resource. */
    private final class Collector implements Controller {

        private final Informer informer;

        Collector(Informer informer) {
            this.informer = informer;
        }

        void changed(@Nullable ObjectNode before, @Nullable ObjectNode after) {
            if (after != null) {
                if (before == null || mattersMore(before, after)) {
                    loop.enqueue(this, Key.of(after));
                }
            } else if (before != null) {
                graph.dependents(before, (of, dependent) -> enqueue(of, Key.of(dependent)));
                graph.owners(before, GarbageCollector.this::enqueue);
            }
        }

        private boolean mattersMore(ObjectNode before, ObjectNode after) {
            return ObjectMeta.deleting(before) != ObjectMeta.deleting(after)
                    || !Trees.same(ObjectMeta.owners(before), ObjectMeta.owners(after))
                    || !Trees.same(
                            before.path("metadata").path("finalizers"),
                            after.path("metadata").path("finalizers"));
        }

        @Override
        public void reconcile(Key key) {
            informer.get(key).ifPresent(object -> {
                if (ObjectMeta.deleting(object)) {
                    endDeletion(object);
                } else if (!ObjectMeta.owners(object).isEmpty()) {
                    judge(object);
                }
            });
        }

        private void endDeletion(ObjectNode owner) {
            if (ObjectMeta.hasFinalizer(owner, ORPHAN)) {
                graph.dependents(
                        owner,
                        (of, dependent) -> keepOwners(
                                of,
                                dependent,
                                reference -> !ObjectMeta.ownerUid(reference).equals(ObjectMeta.uid(owner))));
                informer.update(ObjectMeta.withoutFinalizer(owner, ORPHAN), MANAGER);
            } else if (ObjectMeta.hasFinalizer(owner, FOREGROUND)) {
                AtomicBoolean blocked = new AtomicBoolean();
                graph.dependents(owner, (of, dependent) -> {
                    enqueue(of, Key.of(dependent));
                    blocked.compareAndSet(false, blocks(dependent, owner));
                });
                if (!blocked.get()) {
                    informer.update(ObjectMeta.withoutFinalizer(owner, FOREGROUND), MANAGER);
                }
            }
        }

        private boolean blocks(ObjectNode dependent, ObjectNode owner) {
            for (JsonNode reference : ObjectMeta.owners(dependent)) {
                if (ObjectMeta.ownerUid(reference).equals(ObjectMeta.uid(owner))
                        && reference.path("blockOwnerDeletion").asBoolean()) {
                    return true;
                }
            }
            return false;
        }

        private void judge(ObjectNode object) {
            Map<OwnerState, Integer> owners = new HashMap<>();
            ObjectMeta.owners(object)
                    .forEach(reference -> owners.merge(graph.state(reference, object), 1, Integer::sum));
            if (owners.containsKey(OwnerState.PRESENT)) {
                if (owners.size() > 1) {
                    keepOwners(informer, object, owner -> graph.state(owner, object) == OwnerState.PRESENT);
                }
            } else if (owners.containsKey(OwnerState.WAITING) && graph.hasDependents(object)) {
                informer.delete(object, Propagation.FOREGROUND);
            } else if (ObjectMeta.hasFinalizer(object, ORPHAN)) {
                informer.delete(object, Propagation.ORPHAN);
            } else if (ObjectMeta.hasFinalizer(object, FOREGROUND)) {
                informer.delete(object, Propagation.FOREGROUND);
            } else {
                informer.delete(object, Propagation.BACKGROUND);
            }
        }
    }

    private static void keepOwners(Informer informer, ObjectNode object, Predicate<JsonNode> which) {
        ObjectNode changed = object.deepCopy();
        ArrayNode kept = changed.withObject("metadata").putArray("ownerReferences");
        for (JsonNode reference : ObjectMeta.owners(object)) {
            if (which.test(reference)) {
                kept.add(reference);
            }
        }
        informer.update(changed, MANAGER);
    }
}
