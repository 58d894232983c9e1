package dev.trimtab.inplace;

import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ResourceType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** The connection of a process that is killed after some writes: what it sends then never arrives. */
public final class DyingCluster {

    private static final Set<String> WRITES = Set.of("create", "apply", "patch", "delete");

    private final AtomicInteger left;
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger podWrites = new AtomicInteger();

    public DyingCluster(int writesBeforeDeath) {
        this.left = new AtomicInteger(writesBeforeDeath);
    }

    public boolean dead() {
        return left.get() < 0;
    }

    public int writes() {
        return writes.get();
    }

    /** Writes of pods alone, without revisions and status. */
    public int podWrites() {
        return podWrites.get();
    }

    /** What the server refused, because the kubelet was faster for instance, wrote nothing. */
    private void count(String method, Object[] args) {
        if (WRITES.contains(method)) {
            writes.incrementAndGet();
            podWrites.addAndGet(((ResourceType) args[0]).kind().equals("Pod") ? 1 : 0);
        }
    }

    public ClusterClient over(ClusterClient cluster) {
        return (ClusterClient) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(), new Class<?>[] {ClusterClient.class}, (proxy, method, args) -> {
                    if (WRITES.contains(method.getName())) {
                        if (left.getAndDecrement() <= 0) {
                            left.set(-1);
                            throw new ApiException(
                                    0, ErrorClass.UNREACHABLE, "the process is dead", List.of(), Optional.empty());
                        }
                    }
                    try {
                        Object answer = method.invoke(cluster, args);
                        count(method.getName(), args);
                        return answer;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
