package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD040;
import static dev.trimtab.definition.DefinitionCode.CD045;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the files that a Cluster names as patches for kubeadm. They are no manifests, although they look like some. */
final class KubeadmPatchReader {

    private static final Pattern NO_PATH = Pattern.compile("/.*|.*/|.*//.*|(.*/)?\\.\\.?(/.*)?");

    /** A file that is named, in the order of the names. */
    private record Named(String written, Position at) {

        String name() {
            return written.substring(written.lastIndexOf('/') + 1);
        }
    }

    private final RepoTree tree;
    private final Map<RepoPath, RepoTree.Entry> entries = new HashMap<>();
    private final Limits limits;
    private final SortedMap<RepoPath, Named> named = new TreeMap<>();
    private final Map<String, Named> unusable = new LinkedHashMap<>();

    /** @param entries everything below the definition's root */
    KubeadmPatchReader(
            RepoTree tree, RepoPath root, List<RepoTree.Entry> entries, List<Cluster> clusters, Limits limits) {
        this.tree = tree;
        this.limits = limits;
        entries.forEach(entry -> this.entries.put(entry.path(), entry));
        for (Cluster cluster : clusters) {
            for (int i = 0; i < cluster.kubeadm().patches().size(); i++) {
                String written = cluster.kubeadm().patches().get(i);
                Named name = new Named(written, cluster.origin().at("/spec/kubeadm/patches/" + i));
                if (written.isEmpty() || NO_PATH.matcher(written).matches()) {
                    unusable.put(written, name);
                } else {
                    named.putIfAbsent(root.resolve(written), name);
                }
            }
        }
    }

    /** Files that must not be read as manifests. */
    Set<RepoPath> files() {
        return named.keySet();
    }

    /** In the order of their names, which is the one in which kubeadm applies them. */
    List<KubeadmPatch> read(Problems problems) {
        unusable.values()
                .forEach(name -> problems.error(
                        CD045,
                        name.at(),
                        "kubeadm.patches: \"" + name.written() + "\" is no path below the definition's folder",
                        "write it with slashes, for instance patches/kube-apiserver0+merge.yaml"));
        SortedMap<String, KubeadmPatch> patches = new TreeMap<>();
        Map<String, Named> seen = new HashMap<>();
        named.forEach((path, name) -> {
            Optional<Named> before = Optional.ofNullable(seen.putIfAbsent(name.name(), name));
            if (before.isPresent()) {
                problems.error(
                        CD045,
                        name.at(),
                        "kubeadm.patches: " + before.get().written() + " and " + name.written()
                                + " have one name, and come to lie in one folder",
                        "give one of them another suffix");
            } else if (isNamed(name, problems)) {
                text(path, name, problems)
                        .ifPresent(text -> patches.put(name.name(), new KubeadmPatch(name.name(), text)));
            }
        });
        return List.copyOf(patches.values());
    }

    private static boolean isNamed(Named name, Problems problems) {
        String file = name.name();
        if (KubeadmPatch.NAME.matcher(file).matches()) {
            return true;
        }
        boolean targeted = KubeadmPatch.TARGETS.stream().anyMatch(file::startsWith);
        boolean ended = file.matches(".+\\.(json|yaml)");
        String wrong = !ended
                ? "must end with .json or .yaml"
                : targeted ? "has no patch type after +, or a dot or + too many" : "names nothing that kubeadm patches";
        problems.error(
                CD045,
                name.at(),
                "kubeadm.patches: the name " + file + " " + wrong + "; kubeadm would "
                        + (ended && targeted ? "refuse or misread" : "ignore") + " it",
                "write target[suffix][+patchtype].extension: the target is one of "
                        + String.join(", ", KubeadmPatch.TARGETS)
                        + ", the patch type strategic, merge or json");
        return false;
    }

    private Optional<String> text(RepoPath path, Named name, Problems problems) {
        Optional<RepoTree.Entry> entry =
                Optional.ofNullable(entries.get(path)).filter(one -> one.mode() == RepoTree.Mode.FILE);
        if (entry.isEmpty() || entry.get().size() > limits.fileBytes()) {
            problems.error(
                    CD045,
                    name.at(),
                    "kubeadm.patches: " + name.written() + " is "
                            + (entry.isEmpty() ? "no file of this revision" : "too large for a patch"),
                    "add the file, or take its name out");
            return Optional.empty();
        }
        byte[] bytes = tree.read(entry.get());
        int before = problems.count();
        List<Written> documents = SourceText.decode(path, bytes, problems)
                .map(text -> path.value().endsWith(".json")
                        ? JsonReader.read(path, text, limits, problems)
                        : YamlReader.read(path, text, limits, problems))
                .orElse(List.of());
        if (problems.count() > before) {
            return Optional.empty();
        }
        if (documents.isEmpty()) {
            problems.error(
                    CD045,
                    new Position(path, 1, 1),
                    "a patch that holds nothing",
                    "write what it changes, or take its name out of kubeadm.patches");
        }
        documents.forEach(document -> form(path, name.name(), document, problems));
        String text = new String(bytes, StandardCharsets.UTF_8);
        SecretMaterial.in(text)
                .ifPresent(what -> problems.error(
                        CD040,
                        new Position(path, 1, 1),
                        what + " is not allowed in Git",
                        "take it out, and bring it to the machines otherwise"));
        return problems.count() > before ? Optional.empty() : Optional.of(text);
    }

    private static void form(RepoPath path, String name, Written document, Problems problems) {
        Position at = new Position(path, document.line(), document.column());
        if (KubeadmPatch.isJsonPatch(name)) {
            boolean operations = document.json().isArray();
            for (JsonNode operation : document.json()) {
                operations &= operation.path("op").isTextual()
                        && operation.path("path").asText().startsWith("/");
            }
            if (!operations) {
                problems.error(
                        CD045,
                        at,
                        "a patch of type json must be a list of operations, each with op and path; found "
                                + Types.found(document.json()),
                        "write for instance [{op: replace, path: /spec/priority, value: 1}], or another type behind +");
            }
        } else if (!document.json().isObject()) {
            problems.error(
                    CD045,
                    at,
                    "a patch must be a mapping; found " + Types.found(document.json()),
                    "write the part of the object that it changes, or +json behind the target for a list of operations");
        }
    }
}
