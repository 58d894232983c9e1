package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.LocalApi.Served;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Who owns whom, over every resource that is served; custom resources join when their definition is established. */
final class OwnerGraph implements Controller {

    private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

    /** A definition is seen a moment before its resource is served. */
    private static final Duration UNTIL_SERVED = Duration.ofMillis(20);

    /** Nobody owns them and they are many. */
    private static final Set<String> LEFT_OUT = Set.of("events", "events.events.k8s.io");

    /** What became of an owner that a reference names. */
    enum OwnerState {
        PRESENT,
        /** Being deleted in the foreground: it waits for those it owns. */
        WAITING,
        ABSENT
    }

    private final Loop loop;
    private final LocalApi api;
    private final Informers informers;
    private final Map<String, Served> served = new LinkedHashMap<>();
    private final List<BiConsumer<Served, Informer>> followers = new ArrayList<>();

    OwnerGraph(Loop loop, LocalApi api, Informers informers) {
        this.loop = loop;
        this.api = api;
        this.informers = informers;
    }

    void start() {
        refresh();
        informers.of(DEFINITIONS).onChange((before, after) -> {
            ObjectNode definition = after != null ? after : before;
            if (definition != null) {
                loop.enqueue(this, Key.of(definition));
            }
        });
    }

    /** A definition is named as its resource is. */
    @Override
    public void reconcile(Key definition) {
        refresh();
        boolean defined = informers
                .of(DEFINITIONS)
                .get(definition)
                .filter(present -> !ObjectMeta.deleting(present))
                .isPresent();
        if (defined && !served.containsKey(definition.name())) {
            loop.enqueueAt(this, definition, loop.now().plus(UNTIL_SERVED));
        }
    }

    /** Calls {@code follower} once for each resource, those that come later too. */
    void follow(BiConsumer<Served, Informer> follower) {
        followers.add(follower);
        served.values().forEach(resource -> follower.accept(resource, informers.of(resource.name())));
    }

    private void refresh() {
        Map<String, Served> now = new LinkedHashMap<>();
        api.resources().stream()
                .filter(resource -> !LEFT_OUT.contains(resource.name()))
                .forEach(resource -> now.put(resource.name(), resource));
        List.copyOf(served.keySet()).stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> {
                    served.remove(name);
                    informers.forget(name);
                });
        now.forEach((name, resource) -> {
            if (served.putIfAbsent(name, resource) == null) {
                Informer informer = informers.of(name);
                followers.forEach(follower -> follower.accept(resource, informer));
            }
        });
    }

    /** Calls {@code then} for each object that has an owner reference to {@code owner}. */
    void dependents(JsonNode owner, BiConsumer<Informer, ObjectNode> then) {
        String uid = ObjectMeta.uid(owner);
        served.keySet().stream()
                .map(informers::of)
                .forEach(informer -> informer.ownedBy(uid).forEach(dependent -> then.accept(informer, dependent)));
    }

    /** Calls {@code then} for each object that names an owner of this kind. */
    void referrers(Served kind, BiConsumer<Informer, ObjectNode> then) {
        for (String name : served.keySet()) {
            Informer informer = informers.of(name);
            for (ObjectNode object : informer.all()) {
                for (JsonNode reference : ObjectMeta.owners(object)) {
                    if (resource(reference).filter(kind::equals).isPresent()) {
                        then.accept(informer, object);
                    }
                }
            }
        }
    }

    boolean hasDependents(JsonNode owner) {
        return served.keySet().stream()
                .anyMatch(name ->
                        !informers.of(name).ownedBy(ObjectMeta.uid(owner)).isEmpty());
    }

    /** The state of the owner that {@code reference} in {@code dependent} names; one of an unknown kind is taken to be there. */
    OwnerState state(JsonNode reference, JsonNode dependent) {
        Optional<Served> resource = resource(reference);
        if (resource.isEmpty()) {
            return OwnerState.PRESENT;
        }
        Optional<ObjectNode> owner = owner(resource.get(), reference, dependent);
        if (owner.isEmpty()) {
            return OwnerState.ABSENT;
        }
        boolean waiting =
                ObjectMeta.deleting(owner.get()) && ObjectMeta.hasFinalizer(owner.get(), GarbageCollector.FOREGROUND);
        return waiting ? OwnerState.WAITING : OwnerState.PRESENT;
    }

    private Optional<ObjectNode> owner(Served resource, JsonNode reference, JsonNode dependent) {
        String uid = ObjectMeta.ownerUid(reference);
        Key key = ownerKey(resource, reference, dependent);
        Optional<ObjectNode> cached = informers
                .of(resource.name())
                .get(key)
                .filter(o -> ObjectMeta.uid(o).equals(uid));
        // The cache may not have heard of a young owner yet, and what is deleted for that does not come back.
        return cached.or(() -> api.get(resource.name(), key.namespace(), key.name())
                .filter(found -> ObjectMeta.uid(found).equals(uid)));
    }

    private static Key ownerKey(Served resource, JsonNode reference, JsonNode dependent) {
        String namespace = resource.namespaced() ? Key.of(dependent).namespace() : "";
        return new Key(namespace, reference.path("name").asText());
    }

    /** The resource of a reference's group and kind, whatever its version. */
    private Optional<Served> resource(JsonNode reference) {
        String apiVersion = reference.path("apiVersion").asText();
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        String kind = reference.path("kind").asText();
        return served.values().stream()
                .filter(resource ->
                        resource.group().equals(group) && resource.kind().equals(kind))
                .findFirst();
    }

    /** Calls {@code then} for the key of each owner that is known. */
    void owners(JsonNode dependent, BiConsumer<Informer, Key> then) {
        for (JsonNode reference : ObjectMeta.owners(dependent)) {
            resource(reference)
                    .ifPresent(resource ->
                            then.accept(informers.of(resource.name()), ownerKey(resource, reference, dependent)));
        }
    }
}
