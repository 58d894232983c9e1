package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.ConfigMark;
import dev.trimtab.inplace.ConfigReads;
import dev.trimtab.inplace.ConfigReads.Read;
import dev.trimtab.inplace.RolloutTerms;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.inplace.UpdateStrategy.Policy;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Marks the templates of workloads with what their containers read of ConfigMaps and Secrets of the same sync when they start, so that
 * a change of those restarts the containers that would not see it otherwise. Where pods would be replaced for any change of the
 * template, nothing is marked unless the workload asks for it.
 */
public final class ConfigMarks {

    /**
     * What everybody who may read a workload reads must not help to guess a password: it takes as long to try one as for a stored
     * password, and four bytes of the result fit one in four thousand million.
     */
    private static final int ITERATIONS = 100_000;

    private static final int BITS = 32;

    private ConfigMarks() {}

    /** @param policy for workloads of Kubernetes' own kinds that do not say */
    public static Desired on(Desired desired, Policy policy) {
        SortedMap<ObjectKey, DesiredObject> objects = new TreeMap<>(desired.objects());
        objects.replaceAll((key, object) -> wants(object.json(), policy) ? marked(object, desired.objects()) : object);
        return new Desired(desired.revision(), objects);
    }

    private static boolean wants(ObjectNode json, Policy policy) {
        Optional<UpdateStrategy> strategy = UpdateStrategy.of(json);
        if (strategy.isEmpty() || !json.path("spec").path("template").isObject()) {
            return false;
        }
        JsonNode annotations = json.path("metadata").path("annotations");
        String asked = annotations.path(ConfigMark.POLICY).asText("");
        if (!asked.isEmpty()) {
            return asked.equals("in-place");
        }
        Policy own = strategy.get().policy();
        if (own == Policy.NATIVE && !strategy.get().kind().equals("Job")) {
            String written = annotations.path(RolloutTerms.POLICY).asText("");
            return written.isEmpty()
                    ? policy == Policy.IN_PLACE_IF_POSSIBLE || policy == Policy.IN_PLACE_ONLY
                    : !written.equals("ReCreate");
        }
        return own == Policy.IN_PLACE_IF_POSSIBLE || own == Policy.IN_PLACE_ONLY;
    }

    private static DesiredObject marked(DesiredObject object, SortedMap<ObjectKey, DesiredObject> all) {
        Map<String, Map<String, String>> digests = new TreeMap<>();
        Set<ObjectKey> read = new HashSet<>();
        ConfigReads.of(object.json().path("spec").path("template"), object.key().namespace())
                .forEach((container, reads) -> {
                    SortedMap<ObjectKey, List<Read>> ours = new TreeMap<>(reads.stream()
                            .filter(one -> all.containsKey(one.object()))
                            .collect(Collectors.groupingBy(Read::object)));
                    ours.forEach((source, keys) -> Optional.ofNullable(all.get(source))
                            .ifPresent(config -> digests.computeIfAbsent(container, any -> new TreeMap<>())
                                    .put(source.kind() + "/" + source.name(), digest(object.key(), config, keys))));
                    read.addAll(ours.keySet());
                });
        return digests.isEmpty()
                ? object
                : object.withTemplateAnnotation(ConfigMark.ANNOTATION, ConfigMark.text(digests), read);
    }

    private static String digest(ObjectKey workload, DesiredObject source, List<Read> reads) {
        boolean all = reads.stream().anyMatch(read -> read.key().isEmpty());
        StringBuilder text = new StringBuilder(source.key().toString()).append('\n');
        values(source.json()).forEach((key, value) -> {
            if (all || reads.stream().anyMatch(read -> read.key().equals(Optional.of(key)))) {
                text.append(key)
                        .append(' ')
                        .append(value.length())
                        .append('\n')
                        .append(value)
                        .append('\n');
            }
        });
        try {
            byte[] digest = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(
                            text.toString().toCharArray(),
                            workload.toString().getBytes(StandardCharsets.UTF_8),
                            source.key().kind().equals("Secret") ? ITERATIONS : 1,
                            BITS))
                    .getEncoded();
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PBKDF2WithHmacSHA256", e);
        }
    }

    /** Of a ConfigMap or Secret, one way of writing a value being as good as the other. */
    private static SortedMap<String, String> values(JsonNode json) {
        SortedMap<String, String> values = new TreeMap<>();
        for (String field : List.of("data", "binaryData")) {
            json.path(field)
                    .properties()
                    .forEach(
                            entry -> values.put(entry.getKey(), entry.getValue().asText()));
        }
        json.path("stringData")
                .properties()
                .forEach(entry -> values.put(
                        entry.getKey(),
                        Base64.getEncoder()
                                .encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        return values;
    }
}
