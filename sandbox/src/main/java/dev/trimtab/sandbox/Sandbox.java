package dev.trimtab.sandbox;

import dev.trimtab.sandbox.api.Cluster;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.access.Access;
import dev.trimtab.sandbox.api.access.BuiltinRoles;
import dev.trimtab.sandbox.api.access.Rbac;
import dev.trimtab.sandbox.api.access.User;
import dev.trimtab.sandbox.api.http.HttpApi;
import dev.trimtab.sandbox.controllers.StandIns;
import dev.trimtab.sandbox.faults.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One Kubernetes in this JVM, served as plain HTTP on loopback. It starts empty but for its namespaces and nodes, and forgets
 * everything when it is closed.
 *
 * <pre>{@code
 * try (Sandbox sandbox = Sandbox.builder().nodes(List.of("node-1")).build().start()) {
 *     Files.writeString(kubeconfig, sandbox.kubeconfig());
 * }
 * }</pre>
 */
public final class Sandbox implements AutoCloseable {

    static {
        // read once by the JDK's HTTP server when its classes load: without it every answer waits 40 ms on Java 17
        setUnlessSet("sun.net.httpserver.nodelay", "true");
        // clients keep connections for long; closing an idle one under a client's next request makes that request fail
        setUnlessSet("sun.net.httpserver.idleInterval", "3600");
        setUnlessSet("sun.net.httpserver.maxIdleConnections", "2000");
        // a body that is refused for its size is read to its end all the same: else the client, still sending, never
        // sees the answer
        setUnlessSet("sun.net.httpserver.drainAmount", String.valueOf(16 * 1024 * 1024));
    }

    private final Builder options;
    private final Cluster cluster;
    private final Faults faults = new Faults();

    private @Nullable HttpApi http;
    private @Nullable StandIns standIns;

    private Sandbox(Builder options) {
        this.options = options;
        this.cluster = new Cluster(options.clock, options.watchHistory);
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Makes the namespaces, starts the controllers, then listens. */
    public synchronized Sandbox start() {
        if (http != null) {
            throw new IllegalStateException("The sandbox is running already");
        }
        cluster.bootstrap();
        if (options.controllers) {
            standIns = StandIns.start(cluster.local(), options.nodes);
        }
        try {
            http = HttpApi.start(cluster, faults, access(), options.port);
        } catch (IOException e) {
            throw new UncheckedIOException("The sandbox cannot listen on port " + options.port, e);
        }
        return this;
    }

    private Optional<Access> access() {
        if (!options.rbac) {
            return Optional.empty();
        }
        BuiltinRoles.create(cluster.local());
        return Optional.of(new Access(options.users, new Rbac(cluster.local())));
    }

    /** Where the API is served; the port is the one that was taken if 0 was asked for. */
    public synchronized URI address() {
        if (http == null) {
            throw new IllegalStateException("The sandbox is not running");
        }
        return http.address();
    }

    /** A kubeconfig, as YAML, whose one context is {@code sandbox}; its user may do everything. */
    public String kubeconfig() {
        return kubeconfig("");
    }

    /**
     * The same for whom {@link Builder#user} gave this token. For clients that send it over plain HTTP, as most do; client-go
     * does not, but impersonates ({@code kubectl --as}).
     */
    public String kubeconfig(String token) {
        return """
                apiVersion: v1
                kind: Config
                current-context: sandbox
                clusters:
                - name: sandbox
                  cluster:
                    server: %s
                contexts:
                - name: sandbox
                  context:
                    cluster: sandbox
                    user: sandbox
                users:
                - name: sandbox
                  user: {%s}
                """.formatted(address(), token.isEmpty() ? "" : "token: '" + token + "'");
    }

    /** The same API without HTTP. */
    public LocalApi api() {
        return cluster.local();
    }

    /** Failures on demand for requests over HTTP; none unless a test asks for some. */
    public Faults faults() {
        return faults;
    }

    /**
     * Forgets what was before the latest write, as a real API server does of what is some minutes old: a list or a watch that
     * goes on from an earlier version gets 410. Watches that are open go on.
     */
    public void forgetHistory() {
        cluster.forgetHistory();
    }

    @Override
    public synchronized void close() {
        if (standIns != null) {
            standIns.close();
        }
        cluster.close();
        if (http != null) {
            http.close();
        }
    }

    /** What a sandbox is made of. */
    public static final class Builder {

        private static final int DEFAULT_HISTORY = 16_384;

        private int port;
        private List<String> nodes = List.of("node-1", "node-2", "node-3");
        private Clock clock = Clock.systemUTC();
        private boolean controllers = true;
        private int watchHistory = DEFAULT_HISTORY;
        private boolean rbac;
        private final Map<String, User> users = new HashMap<>();

        private Builder() {}

        /** 0, the default, takes any free port. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** The names of the nodes; three by default. */
        public Builder nodes(List<String> names) {
            this.nodes = List.copyOf(names);
            return this;
        }

        /** All time in the sandbox comes from here; a {@link VirtualClock} lets a test drive it. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** False leaves a bare API server: no nodes, and nothing runs, spreads or is collected. */
        public Builder controllers(boolean controllers) {
            this.controllers = controllers;
            return this;
        }

        /** How many changes of a resource are kept for watches that resume; older ones are answered with 410. */
        public Builder watchHistory(int changes) {
            this.watchHistory = changes;
            return this;
        }

        /**
         * True lets people do over HTTP what roles and bindings allow: by their bearer token, or where the administrator
         * impersonates them. Who comes without a token is the administrator.
         */
        public Builder rbac(boolean rbac) {
            this.rbac = rbac;
            return this;
        }

        /** Somebody who comes with this token; turns {@link #rbac} on. */
        public Builder user(String token, String name, String... groups) {
            users.put(token, User.of(name, List.of(groups)));
            return rbac(true);
        }

        public Sandbox build() {
            return new Sandbox(this);
        }
    }
}
