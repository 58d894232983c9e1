package dev.trimtab.join;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ResourceType;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bootstrap tokens (Kubernetes documentation, "Authenticating with Bootstrap Tokens"), one for each join. A token is known to be
 * ours by a label; those that are not are never touched. Safe for use by many threads.
 */
public final class BootstrapTokens {

    /** On the Secret of each token; its value is the name of the node. */
    static final String LABEL = "trimtab.dev/join";

    static final Duration LONGEST = Duration.ofMinutes(15);

    private static final String NAMESPACE = "kube-system";
    private static final String PREFIX = "bootstrap-token-";
    private static final String MANAGER = "trimtab-bootstrap";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final ClusterClient cluster;
    private final Clock clock;
    private final Duration ttl;
    private final SecureRandom random = new SecureRandom();
    private final Set<String> outstanding = ConcurrentHashMap.newKeySet();

    /** @param ttl how long a token lives when nobody deletes it; never longer than 15 minutes */
    public BootstrapTokens(ClusterClient cluster, Clock clock, Duration ttl) {
        this.cluster = cluster;
        this.clock = clock;
        this.ttl = ttl.compareTo(LONGEST) > 0 ? LONGEST : ttl;
    }

    /** A token. Its second half is secret. */
    static final class Token {
        private final String id;
        private final String secret;

        private Token(String id, String secret) {
            this.id = id;
            this.secret = secret;
        }

        String id() {
            return id;
        }

        /** What only goes to the machine, and to the redactor. */
        String secret() {
            return secret;
        }

        String whole() {
            return id + "." + secret;
        }

        @Override
        public String toString() {
            return "Secret " + NAMESPACE + "/" + PREFIX + id;
        }
    }

    /** @throws ApiException when the cluster does not take it; then none is left there */
    Token mint(String node) {
        Token token = new Token(word(6), word(16));
        ObjectNode secret =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Secret");
        ObjectNode metadata =
                secret.putObject("metadata").put("namespace", NAMESPACE).put("name", PREFIX + token.id());
        metadata.putObject("labels").put(LABEL, node);
        secret.put("type", "bootstrap.kubernetes.io/token");
        ObjectNode data = secret.putObject("data");
        put(data, "token-id", token.id());
        put(data, "token-secret", token.secret());
        put(
                data,
                "expiration",
                clock.instant().plus(ttl).truncatedTo(ChronoUnit.SECONDS).toString());
        put(data, "usage-bootstrap-authentication", "true");
        put(data, "usage-bootstrap-signing", "true");
        put(data, "auth-extra-groups", "system:bootstrappers:kubeadm:default-node-token");
        put(data, "description", "Trimtab joins " + node + " with it and deletes it afterwards.");
        // Before it is sent: an answer that never comes does not mean that the token is not there.
        outstanding.add(token.id());
        try {
            cluster.create(secrets(), secret, MANAGER);
            return token;
        } catch (ApiException e) {
            delete(token.id());
            throw e;
        }
    }

    /** @return why it is still there, if it is */
    Optional<String> delete(Token token) {
        return delete(token.id());
    }

    private Optional<String> delete(String id) {
        try {
            Optional<ObjectNode> found = cluster.get(secrets(), Optional.of(NAMESPACE), PREFIX + id);
            found.filter(secret -> secret.at("/metadata/labels").has(LABEL)).ifPresent(this::delete);
            outstanding.remove(id);
            return Optional.empty();
        } catch (ApiException e) {
            return Optional.of(e.getMessage() == null ? "the cluster did not say why" : e.getMessage());
        }
    }

    private void delete(ObjectNode secret) {
        cluster.delete(
                secrets(),
                Optional.of(NAMESPACE),
                secret.at("/metadata/name").asText(),
                secret.at("/metadata/uid").asText(),
                ClusterClient.Propagation.BACKGROUND);
    }

    /** When the process is asked to end: whatever was minted and not deleted. */
    public void deleteOutstanding() {
        Set.copyOf(outstanding).forEach(this::delete);
    }

    /**
     * Tokens of ours that nobody deleted, since a process was killed, and that have expired. The cluster's own token cleaner does
     * the same where it runs.
     *
     * @return how many there were
     */
    public int deleteExpired() {
        int deleted = 0;
        for (ObjectNode secret : cluster.list(secrets(), Optional.of(NAMESPACE), LABEL)) {
            if (secret.at("/metadata/name").asText().startsWith(PREFIX) && expired(secret)) {
                delete(secret);
                deleted++;
            }
        }
        return deleted;
    }

    private boolean expired(JsonNode secret) {
        try {
            String text = new String(
                    Base64.getDecoder().decode(secret.at("/data/expiration").asText()), StandardCharsets.UTF_8);
            Instant end = OffsetDateTime.parse(text).toInstant();
            return !end.isAfter(clock.instant());
        } catch (DateTimeException | IllegalArgumentException e) {
            return false;
        }
    }

    private ResourceType secrets() {
        return cluster.resource("v1", "Secret")
                .orElseThrow(() -> new ApiException(
                        0, ErrorClass.KIND_MISSING, "the cluster serves no Secrets", List.of(), Optional.empty()));
    }

    private String word(int length) {
        StringBuilder word = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            word.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return word.toString();
    }

    private static void put(ObjectNode data, String key, String value) {
        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    }
}
