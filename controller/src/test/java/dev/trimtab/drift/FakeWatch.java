package dev.trimtab.drift;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ResourceType;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A cluster that can only be watched; a test plays the events. */
final class FakeWatch {

    static final ResourceType CONFIG_MAP = new ResourceType("", "v1", "ConfigMap", "configmaps", true, Set.of());

    final Map<ResourceType, Consumer<Event>> open = new HashMap<>();
    final List<String> selectors = new ArrayList<>();
    boolean synced = true;

    ClusterClient client() {
        return (ClusterClient) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(),
                new Class<?>[] {ClusterClient.class},
                (self, method, arguments) -> {
                    if (!method.getName().equals("metadataInformer")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    ResourceType type = (ResourceType) arguments[0];
                    @SuppressWarnings("unchecked")
                    Consumer<Event> onEvent = (Consumer<Event>) arguments[3];
                    open.put(type, onEvent);
                    selectors.add((String) arguments[2]);
                    return informer(type);
                });
    }

    void play(EventType event, ObjectNode metadata) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "v1").put("kind", "ConfigMap");
        object.set("metadata", metadata.deepCopy());
        Optional.ofNullable(open.get(CONFIG_MAP)).ifPresent(listener -> listener.accept(new Event(event, object)));
    }

    private Informer informer(ResourceType type) {
        return new Informer() {
            @Override
            public boolean synced() {
                return synced;
            }

            @Override
            public Optional<ObjectNode> get(Optional<String> namespace, String name) {
                return Optional.empty();
            }

            @Override
            public List<ObjectNode> list() {
                return List.of();
            }

            @Override
            public void close() {
                open.remove(type);
            }
        };
    }
}
