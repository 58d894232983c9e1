package dev.trimtab.sandbox.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trimtab.sandbox.controllers.KubeletTimes;
import dev.trimtab.sandbox.controllers.StandIns;
import dev.trimtab.sandbox.remote.Connection;
import dev.trimtab.sandbox.remote.RemoteApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * etcd and kube-apiserver as programs on free loopback ports, with data and keys that are gone afterwards. Beside them, if the
 * directory has them: kube-controller-manager, and with kube-scheduler also nodes whose kubelets are stand-ins.
 */
final class ControlPlane {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int OK = 200;

    private final Path programs;
    private final ControlPlaneFiles files;
    private final Ports ports;
    private final Deque<Daemon> daemons = new ArrayDeque<>();
    private final Deque<AutoCloseable> others = new ArrayDeque<>();
    private final Set<Part> parts = EnumSet.noneOf(Part.class);

    private ControlPlane(Path programs, ControlPlaneFiles files, Ports ports) {
        this.programs = programs;
        this.files = files;
        this.ports = ports;
    }

    static Judge start(Path programs) {
        try {
            Ports ports = Ports.free();
            ControlPlane plane = new ControlPlane(programs, ControlPlaneFiles.write(ports.apiServer()), ports);
            Thread hook = new Thread(plane::stop, "control-plane-stop");
            // A run that is ended from outside does not get to close its judge.
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                return plane.judge();
            } catch (RuntimeException e) {
                plane.stop();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot prepare a control plane", e);
        }
    }

    private Judge judge() throws IOException {
        boolean controllers = has("kube-controller-manager");
        run(
                "etcd",
                new Flags()
                        .with("data-dir", files.directory().resolve("etcd"))
                        .with("listen-client-urls", ports.etcdUrl())
                        .with("advertise-client-urls", ports.etcdUrl())
                        .with("listen-peer-urls", ports.etcdPeerUrl())
                        .with("initial-advertise-peer-urls", ports.etcdPeerUrl())
                        .with("initial-cluster", "default=" + ports.etcdPeerUrl())
                        .with("unsafe-no-fsync", true));
        run(
                "kube-apiserver",
                new Flags()
                        .with("etcd-servers", ports.etcdUrl())
                        .with("bind-address", "127.0.0.1")
                        .with("advertise-address", "127.0.0.1")
                        .with("secure-port", ports.apiServer())
                        .with("endpoint-reconciler-type", "none")
                        .with("cert-dir", files.certificates())
                        .with("token-auth-file", files.tokens())
                        .with("authorization-mode", "RBAC")
                        .with("service-account-issuer", "https://kubernetes.default.svc")
                        .with("service-account-key-file", files.serviceAccountKey())
                        .with("service-account-signing-key-file", files.serviceAccountKey())
                        .with("service-cluster-ip-range", "10.0.0.0/24")
                        .with("allow-privileged", true)
                        // Without a controller manager nobody makes the service accounts that it asks for.
                        .with("disable-admission-plugins", controllers ? "" : "ServiceAccount"));
        await("ready", this::ready);
        if (controllers) {
            run(
                    "kube-controller-manager",
                    new Flags()
                            .with("kubeconfig", files.kubeconfig())
                            .with("bind-address", "127.0.0.1")
                            .with("secure-port", ports.controllerManager())
                            .with("cert-dir", files.certificates())
                            .with("leader-elect", false)
                            .with("service-account-private-key-file", files.serviceAccountKey())
                            .with("root-ca-file", files.authority())
                            .with("use-service-account-credentials", true));
            parts.add(Part.CONTROLLERS);
        }
        if (parts.contains(Part.CONTROLLERS) && has("kube-scheduler")) {
            run(
                    "kube-scheduler",
                    new Flags()
                            .with("kubeconfig", files.kubeconfig())
                            .with("bind-address", "127.0.0.1")
                            .with("secure-port", ports.scheduler())
                            .with("cert-dir", files.certificates())
                            .with("leader-elect", false));
            others.push(StandIns.machines(RemoteApi.of(files.kubeconfig()), Judge.NODES, KubeletTimes.quick()));
            // A new node is tainted until the controller manager has seen it ready.
            await("done with its nodes' taints", this::nodesTakePods);
            parts.add(Part.NODES);
        }
        parts.add(Part.COMPACTION);
        parts.addAll(Judge.offered(files.kubeconfig()));
        return new Judge(describe(), files.kubeconfig(), parts, new Compaction(ports.etcdUrl()), this::stop);
    }

    private boolean has(String program) {
        return Files.isExecutable(programs.resolve(program));
    }

    private void run(String program, Flags flags) {
        daemons.push(Daemon.start(programs.resolve(program), flags.list(), files.directory()));
    }

    private boolean ready() throws InterruptedException {
        if (!daemons.stream().allMatch(Daemon::runs)) {
            throw new IllegalStateException(lastWords());
        }
        if (!Files.exists(files.authority())) {
            return false;
        }
        try {
            Connection connection = Connection.of(files.kubeconfig());
            return connection
                            .send(connection.request("/readyz").build(), BodyHandlers.discarding())
                            .statusCode()
                    == OK;
        } catch (IOException notListening) {
            return false;
        }
    }

    private boolean nodesTakePods() throws IOException, InterruptedException {
        Connection connection = Connection.of(files.kubeconfig());
        JsonNode nodes = new ObjectMapper()
                .readTree(connection
                        .send(connection.request("/api/v1/nodes").build(), BodyHandlers.ofString())
                        .body())
                .path("items");
        return nodes.size() == Judge.NODES.size()
                && nodes.findValues("taints").isEmpty()
                && nodes.findValuesAsText("reason").stream()
                                .filter("KubeletReady"::equals)
                                .count()
                        == nodes.size();
    }

    private void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await("the control plane is " + what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "The control plane is not " + what + " after " + PATIENCE.toSeconds() + " s.\n" + lastWords(), e);
        }
    }

    private String lastWords() {
        return daemons.stream().map(Daemon::lastWords).collect(Collectors.joining());
    }

    private String describe() {
        return "kube-apiserver " + Judge.version(files.kubeconfig())
                + daemons.stream()
                        .map(Daemon::name)
                        .filter(name -> !name.equals("kube-apiserver"))
                        .sorted()
                        .map(name -> name.equals("etcd") ? " with etcd " + etcdVersion() : ", " + name)
                        .collect(Collectors.joining())
                + (parts.contains(Part.NODES) ? ", stand-in kubelets" : "");
    }

    private String etcdVersion() {
        try {
            Process process = new ProcessBuilder(programs.resolve("etcd").toString(), "--version").start();
            String first = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            return first.replaceFirst("^.*: *", "");
        } catch (IOException e) {
            return "of unknown version";
        }
    }

    private synchronized void stop() {
        while (!others.isEmpty()) {
            try {
                others.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        // The last one started is the first to go, so that none loses what it depends on.
        while (!daemons.isEmpty()) {
            daemons.pop().close();
        }
        files.delete();
    }
}
