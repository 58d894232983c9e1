package dev.trimtab.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Hands every call on and writes it down: {@code dry-run ConfigMap shop/a}, {@code apply …}, {@code get …}, {@code delete …}. */
final class RecordedCluster {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final ClusterClient client;
    private volatile Consumer<String> before = call -> {};

    RecordedCluster(ClusterClient real) {
        this.client = (ClusterClient) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(),
                new Class<?>[] {ClusterClient.class},
                (proxy, method, arguments) -> {
                    Optional<String> call = describe(method, arguments);
                    call.ifPresent(text -> {
                        calls.add(text);
                        before.accept(text);
                    });
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    ClusterClient client() {
        return client;
    }

    /** Runs before every call, and may throw instead of it. */
    void before(Consumer<String> interference) {
        before = interference;
    }

    void forget() {
        calls.clear();
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    List<String> calls(String verb) {
        return calls.stream().filter(call -> call.startsWith(verb + " ")).toList();
    }

    /** Everything that changes the cluster, but for the inventory. */
    List<String> writes() {
        return calls.stream()
                .filter(RecordedCluster::isWrite)
                .filter(call -> !call.contains(Inventory.NAMESPACE))
                .toList();
    }

    static boolean isWrite(String call) {
        return call.startsWith("apply ") || call.startsWith("create ") || call.startsWith("delete ");
    }

    private static Optional<String> describe(Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "get" -> Optional.of("get " + key(arguments));
            case "delete" -> Optional.of("delete " + key(arguments));
            case "list" -> Optional.of("list " + ((ResourceType) arguments[0]).kind());
            case "create" -> Optional.of("create " + ObjectKey.of((ObjectNode) arguments[1]));
            case "apply" ->
                Optional.of((((ApplyOptions) arguments[2]).dryRun() ? "dry-run " : "apply ")
                        + ObjectKey.of((ObjectNode) arguments[1]));
            default -> Optional.empty();
        };
    }

    @SuppressWarnings("unchecked")
    private static ObjectKey key(Object[] arguments) {
        ResourceType type = (ResourceType) arguments[0];
        return new ObjectKey(type.group(), type.kind(), (Optional<String>) arguments[1], (String) arguments[2]);
    }
}
