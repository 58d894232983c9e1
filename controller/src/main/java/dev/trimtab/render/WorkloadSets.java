package dev.trimtab.render;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.WorkloadSet;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.source.RepoPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a definition's WorkloadSets treat the manifests below their folders. The set of the nearest folder counts for a manifest. What
 * an object says itself goes before what its set says.
 */
final class WorkloadSets {

    private final Definition definition;

    /** Names of add-ons and of sets to the objects that they stand for. */
    private final Map<String, Set<ObjectKey>> members = new HashMap<>();

    WorkloadSets(Definition definition) {
        this.definition = definition;
        definition.addons().forEach(addon -> members.put(addon.name(), new HashSet<>()));
        definition.workloadSets().forEach(set -> set.name().ifPresent(name -> members.put(name, new HashSet<>())));
        definition
                .cluster()
                .ifPresent(cluster -> definition
                        .addons()
                        .forEach(addon -> AddonManifests.of(addon, cluster)
                                .forEach(manifest -> member(addon.name(), manifest.key()))));
    }

    /** The namespace for a manifest that names none. */
    Optional<String> namespace(Manifest manifest) {
        return of(manifest).flatMap(WorkloadSet::namespace);
    }

    /** Notes that the manifest became this object, and writes on it what its set says and it does not. */
    void enter(Manifest manifest, ObjectKey key, ObjectNode json) {
        of(manifest).ifPresent(set -> {
            set.name().ifPresent(name -> member(name, key));
            if (set.wave() != 0) {
                annotate(json, Dependencies.WAVE, String.valueOf(set.wave()));
            }
            if (!set.prune()) {
                annotate(json, Ownership.PRUNE_ANNOTATION, Ownership.KEEP);
            }
        });
    }

    /** What has to be there and healthy before an object of the manifest's set; complete when all manifests have entered. */
    Set<ObjectKey> required(Manifest manifest) {
        Set<ObjectKey> required = new HashSet<>();
        of(manifest)
                .ifPresent(set ->
                        set.requires().forEach(name -> required.addAll(members.getOrDefault(name, Set.of()))));
        return required;
    }

    /** Requirements that nothing in the definition answers to. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (WorkloadSet set : definition.workloadSets()) {
            for (int i = 0; i < set.requires().size(); i++) {
                String name = set.requires().get(i);
                if (!members.containsKey(name)) {
                    problems.add(new Problem(
                            RenderCode.UNKNOWN_REQUIREMENT,
                            Problem.Severity.ERROR,
                            set.origin().at("/spec/requires/" + i),
                            "WorkloadSet" + set.name().map(own -> " " + own).orElse("") + " requires \"" + name
                                    + "\", which is neither an add-on nor a WorkloadSet of this definition",
                            Optional.of(known())));
                }
            }
        }
        return problems;
    }

    private String known() {
        return members.isEmpty()
                ? "take it out"
                : "write one of "
                        + String.join(", ", members.keySet().stream().sorted().toList());
    }

    private Optional<WorkloadSet> of(Manifest manifest) {
        RepoPath file = manifest.positions().document().file();
        return definition.workloadSets().stream()
                .filter(set -> below(definition.path(), set.path()).contains(file))
                .max(Comparator.comparingInt(set -> set.path().value().length()));
    }

    private static RepoPath below(RepoPath root, RepoPath path) {
        return path.value().isEmpty() ? root : root.resolve(path.value());
    }

    private void member(String name, ObjectKey key) {
        members.computeIfAbsent(name, any -> new HashSet<>()).add(key);
    }

    private static void annotate(ObjectNode json, String name, String value) {
        ObjectNode annotations = ObjectParts.annotations(json);
        if (!annotations.has(name)) {
            annotations.put(name, value);
        }
    }
}
