package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP001;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP004;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP011;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP013;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP014;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP015;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.DefinitionCode;
import dev.trimtab.definition.KuboardAgent;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The agents of Kuboard v3: two Deployments for each cluster of a server, one for administrators and one for viewers, which differ in
 * nothing but their ServiceAccount. Their environment is the only description that there is of them.
 */
final class KuboardAgents {

    private static final String SECOND = "-2";
    private static final String PREFIX = "kuboard-agent";
    private static final String NAMESPACE = "kuboard";
    private static final String KEY = "KUBOARD_AGENT_KEY";
    private static final String TOKEN = "KUBOARD_ANONYMOUS_TOKEN";
    private static final String ENDPOINT = "KUBOARD_ENDPOINT";

    private static final Set<String> READ = Set.of(
            ENDPOINT,
            "KUBOARD_AGENT_HOST",
            "KUBOARD_AGENT_PORT",
            "KUBOARD_AGENT_REMOTE_PORT",
            "KUBOARD_AGENT_PROTOCOL",
            "KUBOARD_AGENT_PROXY",
            "KUBOARD_K8S_CLUSTER_NAME",
            KEY,
            TOKEN,
            "KUBERNETES_TOKEN_NAME",
            "POD_HOST_NAME");

    /** Which the two agents of one cluster differ in. */
    private static final Set<String> OF_ONE = Set.of("KUBERNETES_TOKEN_NAME", "POD_HOST_NAME");

    /** @param places from a JSON pointer in the object to the place that people are told */
    record Manifest(ObjectNode json, UnaryOperator<String> places) {

        String kind() {
            return json.path("kind").asText();
        }

        String name() {
            return json.at("/metadata/name").asText();
        }

        String place(String pointer) {
            return places.apply(pointer);
        }
    }

    private final Findings findings;
    private final KuboardServer server;
    private final SortedMap<String, Manifest> deployments = new TreeMap<>();
    private final Map<String, String> roles = new HashMap<>();
    private final List<Credential> credentials = new ArrayList<>();

    KuboardAgents(Findings findings, KuboardServer server) {
        this.findings = findings;
        this.server = server;
    }

    void add(Manifest manifest) {
        switch (manifest.kind()) {
            case "Deployment" -> {
                if (isAgent(manifest)) {
                    deployments.put(manifest.name(), manifest);
                }
            }
            case "ClusterRoleBinding" -> {
                for (JsonNode subject : manifest.json().path("subjects")) {
                    roles.put(
                            subject.path("name").asText(),
                            manifest.json().at("/roleRef/name").asText());
                }
            }
            // The rendered add-on brings its own.
            case "Namespace", "ServiceAccount", "Secret" -> {}
            default -> Intake.unknownKind(findings, manifest.place(""), manifest.json());
        }
    }

    private static boolean isAgent(Manifest manifest) {
        return !manifest.json().at(container("/env")).isMissingNode()
                && Environment.of(manifest).has(ENDPOINT);
    }

    private static String container(String pointer) {
        return "/spec/template/spec/containers/0" + pointer;
    }

    List<Credential> credentials() {
        return List.copyOf(credentials);
    }

    /** By file name. */
    SortedMap<String, ObjectNode> documents() {
        List<Manifest> first = deployments.values().stream()
                .filter(manifest -> !isSecond(manifest.name()))
                .toList();
        SortedMap<String, ObjectNode> documents = new TreeMap<>();
        for (Manifest manifest : first) {
            String suffix = suffix(manifest.name());
            String name = first.size() == 1 || suffix.isEmpty() ? PREFIX : PREFIX + "-" + suffix;
            Optional.ofNullable(deployments.get(manifest.name() + SECOND))
                    .ifPresent(second -> compare(manifest, second));
            documents.put(name + ".yaml", document(manifest, suffix, name));
        }
        return documents;
    }

    private boolean isSecond(String name) {
        return name.endsWith(SECOND) && deployments.containsKey(name.substring(0, name.length() - SECOND.length()));
    }

    private static String suffix(String name) {
        return name.startsWith(PREFIX + "-") ? name.substring(PREFIX.length() + 1) : "";
    }

    private ObjectNode document(Manifest manifest, String suffix, String secret) {
        Environment env = Environment.of(manifest);
        ObjectNode document = Drafts.document("KuboardAgent");
        ObjectNode spec = document.putObject("spec");
        String endpoint = endpoint(env);
        spec.put("endpoint", endpoint);
        Drafts.part(spec, "agentServer", agentServer(env, endpoint));
        remotePort(spec, env);
        spec.put("clusterName", env.text("KUBOARD_K8S_CLUSTER_NAME").orElse(""));
        Drafts.text(spec, "nameSuffix", Optional.of(suffix), "");
        spec.set("keySecretRef", secretRef(env, KEY, secret, "agentKey"));
        spec.set("tokenSecretRef", secretRef(env, TOKEN, secret, "anonymousToken"));
        proxy(spec, env);
        spec.put("image", manifest.json().at(container("/image")).asText());
        Drafts.number(spec, "replicas", manifest.json().at("/spec/replicas").asInt(1), 1);
        ObjectNode rbac = Drafts.object();
        Drafts.text(rbac, "admin", role("kuboard-admin"), "cluster-admin");
        Drafts.text(rbac, "viewer", role("kuboard-viewer"), "view");
        Drafts.part(spec, "rbac", rbac);
        server(spec);
        formerNames(manifest);
        env.names().stream()
                .filter(name -> !READ.contains(name))
                .forEach(name -> findings.warn(
                        IMP001,
                        env.place(name),
                        "the variable " + name + " is not carried over: a KuboardAgent has no field for it",
                        "do without it, or keep this agent as a plain manifest"));
        return document;
    }

    private Optional<String> role(String account) {
        return Optional.ofNullable(roles.get(account));
    }

    /** A person who knows the server's port knows more than the file. */
    private String endpoint(Environment env) {
        String written = env.text(ENDPOINT).orElse("");
        String place = env.place(ENDPOINT);
        int port = port(written);
        if (server.webPort().isPresent() && server.webPort().getAsInt() != port) {
            String corrected = withPort(written, server.webPort().getAsInt());
            findings.warn(
                    DefinitionCode.CD073,
                    place,
                    ENDPOINT + " has port " + port + " but the server publishes "
                            + server.webPort().getAsInt()
                            + "; agents would be refused. spec.endpoint has the port that is"
                            + " published",
                    "start the server with KUBOARD_ENDPOINT of the same port: the next file that it gives out is right then");
            return corrected;
        }
        if (server.webPort().isEmpty() && written.startsWith("http:") && port == 80) {
            findings.warn(
                    IMP014,
                    place,
                    ENDPOINT + " has port 80; a server that was started with -p 8080:80 publishes 8080, and the agents"
                            + " would be refused",
                    "see which port the server publishes, and import again with --published-web-port");
        }
        return written;
    }

    private static String withPort(String endpoint, int port) {
        return endpoint.replaceFirst("(?<=[^:/])(:\\d*)?/?$", ":" + port);
    }

    private static int port(String endpoint) {
        try {
            URI uri = URI.create(endpoint);
            return uri.getPort() >= 0 ? uri.getPort() : endpoint.startsWith("https:") ? 443 : 80;
        } catch (IllegalArgumentException e) {
            return 80;
        }
    }

    private static String host(String endpoint) {
        try {
            return Optional.ofNullable(URI.create(endpoint).getHost()).orElse("");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static ObjectNode agentServer(Environment env, String endpoint) {
        ObjectNode agentServer = Drafts.object();
        Drafts.text(agentServer, "host", env.text("KUBOARD_AGENT_HOST"), host(endpoint));
        env.number("KUBOARD_AGENT_PORT").ifPresent(port -> Drafts.number(agentServer, "port", port, 10081));
        Drafts.text(agentServer, "protocol", env.text("KUBOARD_AGENT_PROTOCOL"), "tcp");
        return agentServer;
    }

    private void remotePort(ObjectNode spec, Environment env) {
        OptionalInt port = env.number("KUBOARD_AGENT_REMOTE_PORT");
        if (port.isEmpty()) {
            findings.warn(
                    IMP011,
                    env.place("KUBOARD_AGENT_REMOTE_PORT"),
                    "KUBOARD_AGENT_REMOTE_PORT is not written; 35001 was taken",
                    "write the port that the server gave to this cluster into spec.remotePort");
        }
        spec.put("remotePort", port.orElse(35001));
    }

    /** A value becomes a reference; a reference stays what it is. */
    private ObjectNode secretRef(Environment env, String variable, String secret, String key) {
        JsonNode reference = env.reference(variable);
        ObjectNode ref = Drafts.object();
        if (reference.isObject()) {
            return ref.put("name", reference.path("name").asText())
                    .put("key", reference.path("key").asText());
        }
        env.text(variable).ifPresent(value -> {
            credentials.add(new Credential(NAMESPACE, secret, key, value));
            if (variable.equals(KEY) && KuboardAgent.isPublishedKey(value)) {
                findings.warn(
                        DefinitionCode.CD075,
                        env.place(variable),
                        "the agent key is the one printed in Kuboard's public manifests: anybody could pose as an agent",
                        "give the Kuboard server a key of its own (KUBOARD_AGENT_KEY), and import again");
            }
        });
        return ref.put("name", secret).put("key", key);
    }

    private void proxy(ObjectNode spec, Environment env) {
        env.text("KUBOARD_AGENT_PROXY").ifPresent(proxy -> {
            if (proxy.contains("@")) {
                findings.warn(
                        IMP004,
                        env.place("KUBOARD_AGENT_PROXY"),
                        "KUBOARD_AGENT_PROXY holds a login and is left out",
                        "let the proxy know the agents by their address, and write spec.proxy without a login");
            } else {
                spec.put("proxy", proxy);
            }
        });
    }

    private void server(ObjectNode spec) {
        if (server.webPort().isPresent() || server.agentPort().isPresent()) {
            ObjectNode known = spec.putObject("server");
            server.webPort().ifPresent(port -> known.put("publishedWebPort", port));
            server.agentPort().ifPresent(port -> known.put("publishedAgentPort", port));
        }
    }

    private void formerNames(Manifest manifest) {
        String tolerations = "/spec/template/spec/tolerations";
        boolean former =
                manifest.json().at(tolerations).findValuesAsText("key").contains(NodeDraft.FORMER_CONTROL_PLANE);
        boolean current =
                manifest.json().at(tolerations).findValuesAsText("key").contains(NodeDraft.CONTROL_PLANE);
        if (former && !current) {
            findings.warn(
                    IMP015,
                    manifest.place(tolerations),
                    "the agents tolerate " + NodeDraft.FORMER_CONTROL_PLANE
                            + ", which no node has since Kubernetes 1.24:"
                            + " they do not come up where all nodes are of the control plane",
                    "nothing: what is rendered tolerates " + NodeDraft.CONTROL_PLANE);
        }
    }

    /** The place where a hand edit is made once instead of twice. */
    private void compare(Manifest first, Manifest second) {
        Environment one = Environment.of(first);
        Environment two = Environment.of(second);
        for (String name : READ) {
            if (!OF_ONE.contains(name) && !one.value(name).equals(two.value(name))) {
                findings.warn(
                        IMP013,
                        two.place(name),
                        name + " differs between " + first.name() + " and " + second.name() + "; that of "
                                + first.name() + " was taken",
                        "make sure that it is the right one: both agents are rendered from one field");
            }
        }
        if (!first.json().at(container("/image")).equals(second.json().at(container("/image")))) {
            findings.warn(
                    IMP013,
                    second.place(container("/image")),
                    "the image differs between " + first.name() + " and " + second.name() + "; that of " + first.name()
                            + " was taken",
                    "make sure that it is the right one: both agents are rendered from one field");
        }
    }

    /** The environment of an agent's container by name. */
    private record Environment(Manifest manifest, SortedMap<String, Integer> index) {

        static Environment of(Manifest manifest) {
            SortedMap<String, Integer> index = new TreeMap<>();
            int i = 0;
            for (JsonNode variable : manifest.json().at(container("/env"))) {
                index.put(variable.path("name").asText(), i++);
            }
            return new Environment(manifest, index);
        }

        boolean has(String name) {
            return index.containsKey(name);
        }

        Set<String> names() {
            return index.keySet();
        }

        /** The whole variable, missing where there is none. */
        JsonNode value(String name) {
            return manifest.json().at(container("/env/" + index.getOrDefault(name, -1)));
        }

        Optional<String> text(String name) {
            String text = value(name).path("value").asText();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }

        OptionalInt number(String name) {
            return text(name)
                    .filter(text -> text.matches("\\d{1,5}"))
                    .map(text -> OptionalInt.of(Integer.parseInt(text)))
                    .orElse(OptionalInt.empty());
        }

        JsonNode reference(String name) {
            return value(name).at("/valueFrom/secretKeyRef");
        }

        String place(String name) {
            return manifest.place(container(has(name) ? "/env/" + index.getOrDefault(name, 0) : "/env"));
        }
    }
}
