package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD002;
import static dev.trimtab.definition.DefinitionCode.CD080;
import static dev.trimtab.definition.DefinitionCode.DEF003;

import dev.trimtab.kube.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold across documents and files. Each rule looks at everything and tells what breaks it. */
final class Rules {

    /** Rules about one subject, each named by the code of what it tells. */
    @FunctionalInterface
    interface Rule {
        void check(Parts parts, Problems problems);
    }

    private static final List<Rule> ALL = List.of(
            Rules::oneCluster,
            Rules::uniqueAddons,
            Rules::uniqueObjects,
            KubeadmRules::check,
            NetworkRules::check,
            NodeRules::check,
            LabelRules::check,
            SecretRules::check,
            RuntimeRules::check,
            FlannelRules::check,
            KuboardRules::check);

    private Rules() {}

    static void check(Parts parts, Problems problems) {
        ALL.forEach(rule -> rule.check(parts, problems));
    }

    /** Plain manifests need no Cluster; whatever describes machines or add-ons of a cluster does. */
    private static void oneCluster(Parts parts, Problems problems) {
        List<Cluster> clusters = parts.clusters();
        if (clusters.size() > 1) {
            String places = clusters.stream()
                    .map(cluster -> place(cluster.origin().at()))
                    .collect(Collectors.joining(", "));
            problems.error(
                    CD002,
                    clusters.get(1).origin().at(),
                    "found " + clusters.size() + " Cluster documents (" + places + "); exactly one is required",
                    "keep one Cluster under a path; give each cluster a folder of its own");
        }
        if (clusters.isEmpty()) {
            parts.needCluster()
                    .findFirst()
                    .ifPresent(at -> problems.error(
                            CD002,
                            at,
                            "found 0 Cluster documents; exactly one is required",
                            "add a document of kind Cluster, for instance in cluster.yaml"));
        }
    }

    private static void uniqueAddons(Parts parts, Problems problems) {
        unique(
                parts.addons().stream(),
                addon -> addon instanceof KuboardAgent agent
                        ? "KuboardAgent " + agent.nameSuffix().orElse("without nameSuffix")
                        : "Flannel",
                addon -> addon.origin().at(),
                (name, first, second) -> twice(problems, DEF003, name, first, second));
    }

    private static void uniqueObjects(Parts parts, Problems problems) {
        unique(
                parts.manifests().stream(),
                Manifest::key,
                manifest -> manifest.positions().document(),
                (ObjectKey key, Position first, Position second) ->
                        twice(problems, CD080, key.toString(), first, second));
    }

    private static void twice(Problems problems, DefinitionCode code, String name, Position first, Position second) {
        problems.error(
                code,
                second,
                name + " is defined twice: " + place(first) + " and " + place(second),
                "keep one of the two");
    }

    @FunctionalInterface
    interface Collision<K> {
        void tell(K key, Position first, Position second);
    }

    static <T, K> void unique(
            Stream<T> things, Function<T, K> key, Function<T, Position> place, Collision<K> collision) {
        Map<K, T> seen = new HashMap<>();
        things.forEach(thing -> Optional.ofNullable(seen.putIfAbsent(key.apply(thing), thing))
                .ifPresent(first -> collision.tell(key.apply(thing), place.apply(first), place.apply(thing))));
    }

    static String place(Position position) {
        return position.file() + ":" + position.line();
    }
}
