package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.inplace.TemplateDiff.Difference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a change of a pod template does to pods that run. Pure, so that a plan on a laptop and the controller say the same. The fields
 * that may change in a running pod are those that the API server's pod validation lets through.
 */
public final class Verdicts {

    private static final Comparator<Reason> MOST_SEVERE_FIRST = Comparator.comparing(
                    (Reason reason) -> !reason.code().id().startsWith("POD2"))
            .thenComparing(reason -> reason.code().id())
            .thenComparing(reason -> reason.path().value());

    /** Of containers whose image stays. */
    private static final Set<VerdictCode> RESTARTS =
            Set.of(VerdictCode.RESTART, VerdictCode.RESTART_FOR_ENV, VerdictCode.RESTART_FOR_CONFIG);

    private Verdicts() {}

    /** Both templates are {@code PodTemplateSpec} trees: {@code metadata} and {@code spec}. */
    public static Verdict decide(
            JsonNode oldTemplate, JsonNode newTemplate, UpdateStrategy strategy, Abilities abilities) {
        List<Difference> differences = TemplateDiff.between(oldTemplate, newTemplate);
        if (differences.isEmpty()) {
            return new Verdict.Unchanged(List.of());
        }
        TemplateChange change = new TemplateChange(oldTemplate, newTemplate, abilities);
        return switch (strategy.policy()) {
            case ON_DELETE -> onDelete(differences, strategy);
            case NATIVE -> replacedByItsController(change, differences, strategy);
            case RECREATE -> recreatedByPolicy(possible(change, differences, strategy), differences, strategy);
            case IN_PLACE_IF_POSSIBLE -> allowed(change, differences, strategy);
            case IN_PLACE_ONLY -> inPlaceOnly(allowed(change, differences, strategy), strategy);
        };
    }

    /** What is possible, but for restarts that the workload has no pod to spare for. */
    private static Verdict allowed(TemplateChange change, List<Difference> differences, UpdateStrategy strategy) {
        Verdict possible = possible(change, differences, strategy);
        if (!(possible instanceof Verdict.InPlace) || strategy.hindrance().isEmpty()) {
            return possible;
        }
        UpdateStrategy.Hindrance hindrance = strategy.hindrance().get();
        return new Verdict.Recreate(possible.reasons().stream()
                .map(reason ->
                        new Reason(VerdictCode.NO_POD_TO_SPARE, reason.path(), hindrance.text(), hindrance.advice()))
                .toList());
    }

    /** The verdict where containers cannot restart with the image they have. */
    public static Verdict withoutRestart(Verdict verdict, String why) {
        return new Verdict.Recreate(verdict.reasons().stream()
                .filter(reason -> RESTARTS.contains(reason.code()))
                .map(reason -> new Reason(VerdictCode.NO_OTHER_REFERENCE, reason.path(), why, Optional.empty()))
                .toList());
    }

    /** The verdict where the node cannot give a pod what it is to have. */
    static Verdict withoutResize(Verdict verdict, String why) {
        return new Verdict.Recreate(verdict.reasons().stream()
                .filter(reason -> reason.code() == VerdictCode.RESIZE)
                .map(reason -> new Reason(VerdictCode.RESOURCES, reason.path(), why, Optional.empty()))
                .toList());
    }

    /** Whether two templates make the same pods. */
    public static boolean same(JsonNode one, JsonNode other) {
        return TemplateDiff.between(one, other).isEmpty();
    }

    /** @param abilities of whoever would make the change in running pods */
    private record TemplateChange(JsonNode was, JsonNode is, Abilities abilities) {

        /** Containers that run as long as the pod does. */
        Set<String> running() {
            return Stream.concat(
                            Containers.stream(is.path("spec").path("containers")),
                            Containers.stream(is.path("spec").path("initContainers"))
                                    .filter(Containers::restartable))
                    .map(container -> container.path("name").asText(""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The gentlest verdict that the pods themselves allow. */
    private static Verdict possible(TemplateChange change, List<Difference> differences, UpdateStrategy strategy) {
        Set<String> newImages = newImages(differences);
        List<StaleValue> stale = stale(change, differences).stream()
                .filter(value -> !newImages.contains(value.container()))
                .toList();
        Map<String, Set<String>> config = ConfigMark.changed(change.was(), change.is());
        config.keySet().removeAll(newImages);
        boolean restarts = change.abilities().restart();
        Set<Difference> resizes = resizes(change, differences);
        Set<String> running = change.running();
        List<Reason> replacing = Stream.concat(
                        differences.stream()
                                .filter(difference -> difference.code().replacesPods()
                                        && !resizes.contains(difference)
                                        && !(restarts && difference.code() == VerdictCode.RESTART_ASKED))
                                .map(Verdicts::replacing),
                        stale.stream()
                                .filter(value -> !restarts || !running.contains(value.container()))
                                .map(StaleValue::replacing))
                .sorted(MOST_SEVERE_FIRST)
                .toList();
        if (!replacing.isEmpty()) {
            return new Verdict.Recreate(replacing);
        }
        Set<String> restarting = new TreeSet<>(newImages);
        stale.forEach(value -> restarting.add(value.container()));
        if (restarts) {
            restarting.addAll(config.keySet());
        }
        if (differences.stream().anyMatch(difference -> difference.code() == VerdictCode.RESTART_ASKED)) {
            restarting.addAll(running);
        }
        List<Reason> keeping = Stream.concat(
                        Stream.concat(stale.stream().map(StaleValue::restarting), configReasons(config, restarts)),
                        differences.stream()
                                .filter(difference -> config.isEmpty()
                                        || !difference.path().value().equals(ConfigMark.PATH))
                                .map(difference -> keeping(difference, differences, strategy)))
                .sorted(MOST_SEVERE_FIRST)
                .toList();
        if (!restarting.isEmpty()) {
            return new Verdict.InPlace(restarting, keeping);
        }
        if (!resizes.isEmpty()) {
            return new Verdict.Resize(
                    resizes.stream()
                            .flatMap(difference -> difference.container().stream())
                            .collect(Collectors.toSet()),
                    keeping);
        }
        boolean metadata = differences.stream().anyMatch(difference -> difference.code() == VerdictCode.METADATA);
        return metadata ? new Verdict.MetadataOnly(keeping) : new Verdict.Unchanged(keeping);
    }

    private static Set<Difference> resizes(TemplateChange change, List<Difference> differences) {
        boolean sameQuality = Resizing.quality(change.was()).equals(Resizing.quality(change.is()));
        return change.abilities().resize() && sameQuality
                ? differences.stream()
                        .filter(difference -> Resizing.follows(difference, change.was(), change.is()))
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private static Set<String> newImages(List<Difference> differences) {
        return differences.stream()
                .filter(difference -> difference.code() == VerdictCode.IMAGE)
                .flatMap(difference -> difference.container().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Metadata that a container reads into its environment: it keeps the old value until it starts again. */
    private record StaleValue(String container, String path) {

        Reason replacing() {
            return new Reason(
                    VerdictCode.ENV_READS_METADATA,
                    new FieldPath(path),
                    "container " + container + " reads it into its environment, which is set when the container starts",
                    Optional.of("mount it with a downwardAPI volume, which follows without a restart"));
        }

        Reason restarting() {
            return new Reason(
                    VerdictCode.RESTART_FOR_ENV,
                    new FieldPath(path),
                    "container " + container + " reads it into its environment, so it restarts in the running pods",
                    Optional.of("mount it with a downwardAPI volume, which follows without a restart"));
        }
    }

    private static Stream<Reason> configReasons(Map<String, Set<String>> config, boolean restarts) {
        return config.entrySet().stream().map(entry -> {
            String read = "container " + entry.getKey() + " read " + String.join(" and ", entry.getValue())
                    + " when it started, ";
            return restarts
                    ? new Reason(
                            VerdictCode.RESTART_FOR_CONFIG,
                            new FieldPath(ConfigMark.PATH),
                            read + "so it restarts in the running pods",
                            Optional.of("mount it as a volume without subPath, which follows without a restart, or "
                                    + "annotate the workload with " + ConfigMark.POLICY + ": none"))
                    : new Reason(
                            VerdictCode.METADATA,
                            new FieldPath(ConfigMark.PATH),
                            read + "and will see the change when it starts again",
                            Optional.empty());
        });
    }

    /** A removed key counts as much as a changed one. */
    private static List<StaleValue> stale(TemplateChange change, List<Difference> differences) {
        Set<String> changed = differences.stream()
                .filter(difference -> difference.path().value().startsWith("metadata."))
                .map(difference -> difference.path().value())
                .collect(Collectors.toSet());
        return Stream.of(change.was(), change.is())
                .map(template -> template.path("spec"))
                .flatMap(spec -> Stream.concat(
                        Containers.stream(spec.path("containers")), Containers.stream(spec.path("initContainers"))))
                .flatMap(container -> Containers.metadataRead(container).stream()
                        .filter(changed::contains)
                        .map(path -> new StaleValue(container.path("name").asText(""), path)))
                .distinct()
                .toList();
    }

    private static Verdict onDelete(List<Difference> differences, UpdateStrategy strategy) {
        String text = strategy.kind().equals("ReplicaSet")
                ? "a ReplicaSet leaves pods that run as they are; new pods get the new template"
                : "the " + strategy.kind() + " updates OnDelete: a pod gets the new template when it is deleted";
        return new Verdict.Unchanged(differences.stream()
                .map(difference -> new Reason(VerdictCode.ON_DELETE, difference.path(), text, Optional.empty()))
                .sorted(MOST_SEVERE_FIRST)
                .toList());
    }

    private static Verdict replacedByItsController(
            TemplateChange change, List<Difference> differences, UpdateStrategy strategy) {
        String text = strategy.kind().equals("Job")
                ? "the pod template of a Job cannot change; the Job is made anew"
                : "a " + strategy.kind() + " replaces its pods for any change of the pod template"
                        + strategy.hindrance().map(why -> "; " + why.text()).orElse("");
        Optional<String> gentler =
                strategy.kind().equals("Job") || strategy.hindrance().isPresent()
                        ? Optional.empty()
                        : keptBy(possible(change, differences, strategy))
                                .map(kept -> "with " + RolloutTerms.POLICY
                                        + ": InPlaceIfPossible, and all its pods of one" + " template, " + kept);
        return new Verdict.Recreate(differences.stream()
                .map(difference -> new Reason(VerdictCode.NATIVE_WORKLOAD, difference.path(), text, gentler))
                .sorted(MOST_SEVERE_FIRST)
                .toList());
    }

    private static Verdict recreatedByPolicy(Verdict possible, List<Difference> differences, UpdateStrategy strategy) {
        Optional<String> kept = keptBy(possible);
        FieldPath first = possible.reasons().stream()
                .findFirst()
                .map(Reason::path)
                .orElse(differences.get(0).path());
        Reason policy = new Reason(
                VerdictCode.POLICY_RECREATE,
                first,
                "the CloneSet's update strategy is ReCreate: any change of the pod template replaces the pods",
                kept.map(gentle -> "set " + strategy.policyField() + ": InPlaceIfPossible; then " + gentle));
        List<Reason> reasons = new ArrayList<>();
        reasons.add(policy);
        if (possible instanceof Verdict.Recreate) {
            // These would replace the pods under any policy, so they come first: changing the policy alone helps
            // nobody.
            reasons.addAll(0, possible.reasons());
        }
        return new Verdict.Recreate(reasons);
    }

    private static Verdict inPlaceOnly(Verdict possible, UpdateStrategy strategy) {
        if (!(possible instanceof Verdict.Recreate)) {
            return possible;
        }
        List<Reason> reasons = new ArrayList<>();
        reasons.add(new Reason(
                VerdictCode.IN_PLACE_ONLY,
                possible.reasons().get(0).path(),
                "the " + strategy.kind()
                        + " updates InPlaceOnly and this cannot be changed in a running pod, so no pod is touched",
                Optional.of("set " + strategy.policyField() + ": InPlaceIfPossible to let the pods be replaced")));
        reasons.addAll(possible.reasons());
        return new Verdict.Refused(reasons);
    }

    /** What running pods go through under a verdict that keeps them. */
    private static Optional<String> keptBy(Verdict possible) {
        if (possible instanceof Verdict.InPlace inPlace) {
            return Optional.of("only " + named(inPlace.containers()) + " restarts, in the same pods");
        }
        if (possible instanceof Verdict.MetadataOnly
                || possible instanceof Verdict.Unchanged
                || possible instanceof Verdict.Resize) {
            return Optional.of("nothing restarts");
        }
        return Optional.empty();
    }

    private static String named(Set<String> containers) {
        return (containers.size() == 1 ? "container " : "each of the containers ")
                + String.join(", ", new TreeSet<>(containers));
    }

    private static Reason keeping(Difference difference, List<Difference> all, UpdateStrategy strategy) {
        boolean images = all.stream().anyMatch(other -> other.code() == VerdictCode.IMAGE);
        String metadata = metadata(all);
        String text = switch (difference.code()) {
            case IMAGE ->
                (metadata.isEmpty()
                                ? "only containers[*].image changes"
                                : "only containers[*].image and pod " + metadata + " change")
                        + " and the " + strategy.kind() + " updates "
                        + (strategy.policy() == UpdateStrategy.Policy.IN_PLACE_ONLY
                                ? "InPlaceOnly"
                                : "InPlaceIfPossible");
            case RESOURCES -> "cpu and memory are changed in the running pods, and nothing restarts for it";
            case RESTART_ASKED -> "the annotation asks for a restart: every container restarts in the running pods";
            case METADATA ->
                images
                        ? "pod " + metadata + " are patched together with the image"
                        : "only pod " + metadata + " change; they are patched on the running pods";
            default -> "the order of containers means nothing to a pod that runs";
        };
        VerdictCode code = switch (difference.code()) {
            case RESTART_ASKED -> VerdictCode.RESTART;
            case RESOURCES -> VerdictCode.RESIZE;
            default -> difference.code();
        };
        return new Reason(code, difference.path(), text, Optional.empty());
    }

    /** The changed parts of the metadata in words, for instance {@code labels and annotations}. */
    private static String metadata(List<Difference> differences) {
        return differences.stream()
                .filter(difference -> difference.code() == VerdictCode.METADATA)
                .map(difference -> difference.path().value().split("[.\\[]", -1)[1])
                .distinct()
                .sorted(Comparator.reverseOrder())
                .collect(Collectors.joining(" and "));
    }

    private static Reason replacing(Difference difference) {
        String field = difference.path().value();
        return switch (difference.code()) {
            case ENV ->
                because(
                        difference,
                        "env",
                        Optional.of(
                                "keep it in an annotation and read that through a downwardAPI volume, which follows without a restart"));
            case COMMAND -> because(difference, field.contains(".args") ? "args" : "command", Optional.empty());
            case PORTS -> because(difference, "ports", Optional.empty());
            case PROBES -> because(difference, "a probe", Optional.empty());
            case VOLUMES -> because(difference, field.startsWith("volumes") ? "volumes" : "mounts", Optional.empty());
            case RESTART_ASKED -> reason(difference, "the annotation asks for a restart of the pods", Optional.empty());
            case INIT_IMAGE ->
                reason(
                        difference,
                        "an init container has run already; its new image takes effect in a new pod only",
                        Optional.empty());
            case CONTAINERS ->
                reason(
                        difference,
                        "containers cannot be added to, removed from or reordered in a running pod",
                        Optional.empty());
            case RESOURCES -> because(difference, "resources", Optional.empty());
            case SCHEDULING -> reason(difference, "where a pod may run is decided before it runs", Optional.empty());
            case SECURITY -> because(difference, "securityContext", Optional.empty());
            default -> reason(difference, "the field cannot change in a running pod", Optional.empty());
        };
    }

    private static Reason because(Difference difference, String what, Optional<String> gentler) {
        String verb = what.endsWith("s") ? "are not fields" : "is not a field";
        return reason(difference, what + " " + verb + " that can change in a running pod", gentler);
    }

    private static Reason reason(Difference difference, String text, Optional<String> gentler) {
        return new Reason(difference.code(), difference.path(), text, gentler);
    }
}
