package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which resources the server has. Each group version is read when it is first asked for, and again when a kind is not in it: its
 * CRD may have come since. A miss stands for a second, so that many objects of one unknown kind cost one request.
 */
final class Discovery {

    private static final Duration MISS_STANDS = Duration.ofSeconds(1);
    private static final Duration VERSIONS_STAND = Duration.ofMinutes(10);

    private final Function<String, Optional<ObjectNode>> reader;
    private final Clock clock;
    private final Map<String, Document<Map<String, ResourceType>>> kinds = new ConcurrentHashMap<>();
    private final Map<String, Document<List<String>>> versions = new ConcurrentHashMap<>();

    /** @param reader reads a discovery document by path; empty when the server has none there */
    Discovery(Function<String, Optional<ObjectNode>> reader, Clock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    Optional<ResourceType> resource(String apiVersion, String kind) {
        Map<String, ResourceType> types = kinds.computeIfAbsent(apiVersion, key -> new Document<>())
                .get(
                        (known, age) -> known.containsKey(kind) || age.compareTo(MISS_STANDS) < 0,
                        () -> readKinds(apiVersion),
                        clock);
        return Optional.ofNullable(types.get(kind));
    }

    /** The kind at the first version that has it, in the server's order of preference. */
    Optional<ResourceType> preferred(String group, String kind) {
        return first(group, kind, VERSIONS_STAND).or(() -> first(group, kind, MISS_STANDS));
    }

    /** The server no longer serves what it listed. */
    void forget(String apiVersion) {
        kinds.remove(apiVersion);
        versions.remove(ObjectKey.groupOf(apiVersion));
    }

    private Optional<ResourceType> first(String group, String kind, Duration versionsStand) {
        return versions
                .computeIfAbsent(group, key -> new Document<>())
                .get(
                        (known, age) -> age.compareTo(known.isEmpty() ? MISS_STANDS : versionsStand) < 0,
                        () -> readVersions(group),
                        clock)
                .stream()
                .map(version -> resource(group.isEmpty() ? version : group + "/" + version, kind))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private List<String> readVersions(String group) {
        Optional<ObjectNode> document = reader.apply(group.isEmpty() ? "/api" : "/apis/" + group);
        if (document.isEmpty()) {
            return List.of();
        }
        Set<String> ordered = new LinkedHashSet<>();
        String preferred =
                document.get().path("preferredVersion").path("version").asText("");
        if (!preferred.isEmpty()) {
            ordered.add(preferred);
        }
        for (JsonNode version : document.get().path("versions")) {
            // The core group lists names, the others objects.
            ordered.add(
                    version.isTextual()
                            ? version.asText()
                            : version.path("version").asText(""));
        }
        return List.copyOf(ordered);
    }

    private Map<String, ResourceType> readKinds(String apiVersion) {
        Map<String, ResourceType> types = new HashMap<>();
        JsonNode resources = reader.apply(ResourcePath.groupVersion(apiVersion))
                .map(document -> document.path("resources"))
                .orElse(MissingNode.getInstance());
        Map<String, Set<String>> subresources = new HashMap<>();
        List<JsonNode> main = new ArrayList<>();
        for (JsonNode resource : resources) {
            String name = resource.path("name").asText("");
            int slash = name.indexOf('/');
            if (slash < 0) {
                main.add(resource);
            } else {
                subresources
                        .computeIfAbsent(name.substring(0, slash), key -> new HashSet<>())
                        .add(name.substring(slash + 1));
            }
        }
        String group = ObjectKey.groupOf(apiVersion);
        String version = group.isEmpty() ? apiVersion : apiVersion.substring(group.length() + 1);
        for (JsonNode resource : main) {
            String plural = resource.path("name").asText("");
            String kind = resource.path("kind").asText("");
            types.putIfAbsent(
                    kind,
                    new ResourceType(
                            group,
                            version,
                            kind,
                            plural,
                            resource.path("namespaced").asBoolean(),
                            subresources.getOrDefault(plural, Set.of())));
        }
        return Map.copyOf(types);
    }

    /** What was read last, and when. Those who ask for the same document wait for one reader. */
    private static final class Document<T> {

        private Optional<T> value = Optional.empty();
        private Instant readAt = Instant.EPOCH;

        synchronized T get(BiPredicate<T, Duration> stands, Supplier<T> read, Clock clock) {
            Duration age = Duration.between(readAt, clock.instant());
            if (value.isPresent() && stands.test(value.get(), age)) {
                return value.get();
            }
            T fresh = read.get();
            value = Optional.of(fresh);
            readAt = clock.instant();
            return fresh;
        }
    }
}
