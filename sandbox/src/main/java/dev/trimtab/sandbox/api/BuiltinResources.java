package dev.trimtab.sandbox.api;

import dev.trimtab.sandbox.schema.Schemas;
import dev.trimtab.sandbox.schema.Type;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads the table of built-in resources, {@code resources.txt}, and joins it with their types. */
final class BuiltinResources {

    private static final Type.Struct UNTYPED = new Type.Struct("", Map.of(), true, false);
    private static final Map<String, Resource.Trait> TRAITS = Map.of(
            "gen", Resource.Trait.GENERATION,
            "annotations", Resource.Trait.ANNOTATIONS_COUNT,
            "create", Resource.Trait.CREATE_ONLY,
            "returned", Resource.Trait.RETURNED,
            "orphans", Resource.Trait.ORPHANS,
            "single", Resource.Trait.NO_COLLECTION_DELETE);

    private BuiltinResources() {}

    static List<Resource> read() {
        List<Resource> resources = new ArrayList<>();
        try (InputStream table = Objects.requireNonNull(
                        BuiltinResources.class.getResourceAsStream("resources.txt"), "resources.txt is in the jar");
                BufferedReader rows = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            String group = "";
            String version = "v1";
            for (String row = rows.readLine(); row != null; row = rows.readLine()) {
                if (row.startsWith("[")) {
                    String groupVersion = row.substring(1, row.indexOf(']'));
                    int slash = groupVersion.indexOf('/');
                    group = slash < 0 ? "" : groupVersion.substring(0, slash);
                    version = groupVersion.substring(slash + 1);
                } else if (!row.isBlank() && !row.startsWith("#")) {
                    resources.add(resource(group, version, row.trim().split("\\s+", -1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return resources;
    }

    private static Resource resource(String group, String version, String[] columns) {
        String kind = columns[1];
        Type.Struct type = Schemas.builtin().type(group, version, kind).orElse(UNTYPED);
        Set<Resource.Trait> traits = new LinkedHashSet<>();
        words(columns[6]).forEach(word -> traits.add(Objects.requireNonNull(TRAITS.get(word), word)));
        return new Resource(
                group,
                columns[0],
                kind.toLowerCase(Locale.ROOT),
                kind,
                kind + "List",
                columns[2].equals("N"),
                words(columns[3]),
                words(columns[4]),
                Set.copyOf(traits),
                List.of(new Resource.Version(
                        version, type, true, true, Set.copyOf(words(columns[5])), Optional.empty())));
    }

    private static List<String> words(String column) {
        return column.equals("-") ? List.of() : List.of(column.split(",", -1));
    }
}
