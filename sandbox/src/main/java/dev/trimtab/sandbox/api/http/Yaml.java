package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.api.Failures;
import dev.trimtab.sandbox.api.Json;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads a YAML body as the JSON it stands for. */
final class Yaml {

    private static final int LIMIT = 3 * 1024 * 1024;

    private Yaml() {}

    static JsonNode read(byte[] bytes) {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(LIMIT);
        limits.setAllowDuplicateKeys(false);
        DumperOptions dumper = new DumperOptions();
        org.yaml.snakeyaml.Yaml yaml = new org.yaml.snakeyaml.Yaml(
                new SafeConstructor(limits), new Representer(dumper), dumper, limits, new KubernetesScalars());
        try {
            Object value = yaml.load(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
            return Json.MAPPER.valueToTree(textKeys(value));
        } catch (YAMLException e) {
            throw Failures.badRequest("error converting YAML to JSON: yaml: " + e.getMessage());
        }
    }

    private static @Nullable Object textKeys(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> text = new LinkedHashMap<>();
            map.forEach((key, each) -> text.put(String.valueOf(key), textKeys(each)));
            return text;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Yaml::textKeys).toList();
        }
        return value;
    }

    /** YAML 1.1 as Go reads it: no dates and no numbers to the base of 60. */
    private static final class KubernetesScalars extends Resolver {

        private static final Pattern INTEGER =
                Pattern.compile("[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+");
        private static final Pattern DECIMAL =
                Pattern.compile("[-+]?(?:[0-9][0-9_]*\\.[0-9_]*|\\.[0-9][0-9_]*|[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
            addImplicitResolver(Tag.INT, INTEGER, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, DECIMAL, "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }
}
