package dev.trimtab.bootstrap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code verify.sh} found on a machine, as it is kept on the machine's Node: the API shows nothing of a hosts file, of package
 * sources or of mirrors.
 *
 * @param at when the machine was looked at, by its own clock
 * @param checks how many there were
 * @param failures how many of them failed
 * @param named what the first of those say, shortened
 * @param digest SHA-256 of the whole output, by which a kept one is known again
 */
public record NodeReport(Instant at, int checks, int failures, List<String> named, String digest) {

    /** Annotation of a Node. */
    public static final String ANNOTATION = "trimtab.dev/node-report";

    private static final Pattern HEAD = Pattern.compile("verify  (\\S+) (\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z)");
    private static final Pattern CHECK = Pattern.compile("(ok|FAILED) +(\\S.*)");
    /** verify.sh tells none; a person may hand over any file. */
    private static final Pattern TOKEN = Pattern.compile("(?<![a-z0-9])[a-z0-9]{6}\\.[a-z0-9]{16}(?![a-z0-9])");

    private static final JsonMapper JSON = new JsonMapper();

    /** An annotation is read by everybody who looks at a node. */
    private static final int MOST_NAMED = 8;

    private static final int LONGEST = 100;

    public NodeReport {
        named = List.copyOf(named);
    }

    /**
     * @param output of {@code verify.sh}, whole
     * @throws IllegalArgumentException when it is not, or is that of another node; the message says why
     */
    public static NodeReport of(String node, String output) {
        List<String> lines = output.lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .toList();
        Matcher head = HEAD.matcher(lines.isEmpty() ? "" : lines.get(0));
        if (!head.matches()) {
            throw new IllegalArgumentException("it does not begin with the line of verify.sh that names node and time");
        }
        if (!head.group(1).equals(node)) {
            throw new IllegalArgumentException("it is that of " + head.group(1) + ", not of " + node);
        }
        int checks = 0;
        int failures = 0;
        List<String> named = new ArrayList<>();
        for (String line : lines) {
            Matcher check = CHECK.matcher(line);
            if (check.matches()) {
                checks++;
                if (check.group(1).equals("FAILED")) {
                    failures++;
                    if (failures <= MOST_NAMED) {
                        named.add(shortened(TOKEN.matcher(check.group(2)).replaceAll("(withheld)")));
                    }
                }
            }
        }
        String end = failures == 0 ? node + " is as it should be" : node + ": " + failures + " checks failed";
        if (!lines.get(lines.size() - 1).equals(end)) {
            throw new IllegalArgumentException("it is cut off: its last line is not \"" + end + "\"");
        }
        try {
            return new NodeReport(Instant.parse(head.group(2)), checks, failures, named, sha256(output));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(head.group(2) + " is no time", e);
        }
    }

    /** What the annotation holds; empty when it is not understood. */
    public static Optional<NodeReport> parse(String annotation) {
        try {
            JsonNode json = JSON.readTree(annotation);
            List<String> named = new ArrayList<>();
            json.path("named").forEach(name -> named.add(name.asText()));
            return json.path("checks").canConvertToInt()
                            && json.path("failures").canConvertToInt()
                    ? Optional.of(new NodeReport(
                            Instant.parse(json.path("at").asText()),
                            json.path("checks").asInt(),
                            json.path("failures").asInt(),
                            named,
                            json.path("sha256").asText()))
                    : Optional.empty();
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** As {@link #parse} reads it. */
    public String text() {
        ObjectNode json = JSON.createObjectNode()
                .put("at", at.toString())
                .put("checks", checks)
                .put("failures", failures);
        ArrayNode names = json.putArray("named");
        named.forEach(names::add);
        return json.put("sha256", digest).toString();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
