package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD040;
import static dev.trimtab.definition.DefinitionCode.CD042;
import static dev.trimtab.definition.DefinitionCode.CD075;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;

/**
 * Secrets that stand in Git. What a text looks like decides, never more than its kind is told.
 *
 * <p>In Trimtab's own kinds they are errors. A plain manifest may be what a running cluster already has, and refusing the revision
 * would stop everything else in it too: there they are warnings.
 */
final class SecretRules {

    /** SHA-256 of the agent key in Kuboard's public manifests. */
    private static final String PUBLISHED_AGENT_KEY =
            "91864d17b21f945ec6bb6962699d913774059487ddff9ec69aed84c2deeb3a82";

    private static final String KUBOARD_NAMESPACE = "kuboard";

    private final Problems problems;

    private SecretRules(Problems problems) {
        this.problems = problems;
    }

    /** What shows in one document alone, so that it is looked for once a file and not with every revision. */
    static void inOwnKind(Manifest document, Problems problems) {
        new SecretRules(problems).ownKind(document, document.json(), "");
    }

    static void inManifest(Manifest manifest, Problems problems) {
        new SecretRules(problems).manifest(manifest, manifest.json(), "");
    }

    static void check(Parts parts, Problems problems) {
        check(parts, problems, PUBLISHED_AGENT_KEY);
    }

    /** @param publishedKey SHA-256 of the agent key that everybody knows, in lower-case hex */
    static void check(Parts parts, Problems problems, String publishedKey) {
        new SecretRules(problems).agentKeys(parts, publishedKey);
    }

    private void ownKind(Manifest document, JsonNode value, String pointer) {
        if (value.isTextual()) {
            Position at = document.positions().at(pointer);
            publishedToken(at, value.textValue());
            SecretMaterial.inField(value.textValue())
                    .ifPresent(what -> problems.error(
                            CD040,
                            at,
                            document.key().kind() + "." + Types.path(pointer) + " holds " + what
                                    + ", which is not allowed in Git",
                            "take it out of Git and its history, replace it, and keep the new one in a Secret"));
        }
        each(value, (step, inner) -> ownKind(document, inner, pointer + step));
    }

    private void manifest(Manifest manifest, JsonNode value, String pointer) {
        if (value.isTextual()) {
            String text = manifest.key().kind().equals("Secret") && pointer.startsWith("/data/")
                    ? decoded(value.textValue()).orElse(value.textValue())
                    : value.textValue();
            Position at = manifest.positions().at(pointer);
            publishedToken(at, text);
            SecretMaterial.in(text)
                    .ifPresent(what -> problems.warn(
                            CD040,
                            at,
                            manifest.key() + " holds " + what + " at " + Types.path(pointer)
                                    + ", readable for everybody who reads the repository",
                            "keep it out of Git, or encrypted there, and replace it"));
        }
        each(value, (step, inner) -> manifest(manifest, inner, pointer + step));
    }

    private void publishedToken(Position at, String text) {
        if (SecretMaterial.holdsPublishedToken(text)) {
            problems.error(
                    CD042,
                    at,
                    "token " + SecretMaterial.PUBLISHED_TOKEN + " is the published example",
                    "take it out; a token is made for each machine that joins");
        }
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(String step, JsonNode inner);
    }

    private static void each(JsonNode value, Visitor visitor) {
        if (value.isObject()) {
            value.properties().forEach(entry -> visitor.visit("/" + Types.escape(entry.getKey()), entry.getValue()));
        } else if (value.isArray()) {
            int index = 0;
            for (Iterator<JsonNode> items = value.elements(); items.hasNext(); index++) {
                visitor.visit("/" + index, items.next());
            }
        }
    }

    private void agentKeys(Parts parts, String publishedKey) {
        for (KuboardAgent agent : parts.kuboardAgents()) {
            SecretRef ref = agent.keySecretRef();
            for (Manifest manifest : parts.manifests()) {
                if (!manifest.key().kind().equals("Secret")
                        || !manifest.key().name().equals(ref.name())
                        || !manifest.key().namespace().orElse(KUBOARD_NAMESPACE).equals(KUBOARD_NAMESPACE)) {
                    continue;
                }
                String plain = "/stringData/" + Types.escape(ref.key());
                String encoded = "/data/" + Types.escape(ref.key());
                Optional<String> key = Optional.of(manifest.json().at(plain))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .or(() -> decoded(manifest.json().at(encoded).asText()));
                if (key.filter(value -> sha256(value).equals(publishedKey)).isPresent()) {
                    problems.warn(
                            CD075,
                            manifest.positions().at(manifest.json().at(plain).isTextual() ? plain : encoded),
                            "the agent key is the one printed in Kuboard's public manifests",
                            "give the Kuboard server a key of its own, and this Secret the same");
                }
            }
        }
    }

    /** Whether an agent key is the one that everybody knows. */
    static boolean isPublishedAgentKey(String key) {
        return sha256(key).equals(PUBLISHED_AGENT_KEY);
    }

    private static String sha256(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(key.strip().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
