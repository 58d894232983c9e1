package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;
import static dev.trimtab.definition.DefinitionCode.DEF003;

import dev.trimtab.definition.VersionMatrixReader.ContainerdEntry;
import dev.trimtab.definition.VersionMatrixReader.Entries;
import dev.trimtab.definition.VersionMatrixReader.KubernetesEntry;
import dev.trimtab.source.RepoPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lays what a definition says about versions over what the product knows. */
final class MatrixLayers {

    private static final String RESOURCE = "version-matrix.yaml";

    static final VersionMatrix BUILT_IN = builtIn();

    private final SortedMap<Minor, VersionMatrix.Kubernetes> kubernetes;
    private final SortedMap<Minor, VersionMatrix.Containerd> containerd;
    private final Map<String, Position> written = new HashMap<>();
    private final Problems problems;

    private MatrixLayers(VersionMatrix base, Problems problems) {
        this.kubernetes = new TreeMap<>(base.kubernetes());
        this.containerd = new TreeMap<>(base.containerd());
        this.problems = problems;
    }

    static VersionMatrix of(Collection<Entries> documents, Problems problems) {
        return over(BUILT_IN, documents, problems);
    }

    private static VersionMatrix over(VersionMatrix base, Collection<Entries> documents, Problems problems) {
        MatrixLayers layers = new MatrixLayers(base, problems);
        documents.forEach(document -> {
            document.kubernetes().forEach(layers::lay);
            document.containerd().forEach(layers::lay);
        });
        return new VersionMatrix(layers.kubernetes, layers.containerd);
    }

    private void lay(KubernetesEntry entry) {
        Optional<VersionMatrix.Kubernetes> known = Optional.ofNullable(kubernetes.get(entry.minor()));
        once("Kubernetes " + entry.minor(), entry.origin());
        List<String> least = entry.containerd().isEmpty()
                ? known.map(VersionMatrix.Kubernetes::containerd).orElse(List.of())
                : entry.containerd();
        Optional<String> api = entry.kubeadmApi().or(() -> known.map(VersionMatrix.Kubernetes::kubeadmApi));
        Optional<String> pause = entry.pause().or(() -> known.map(VersionMatrix.Kubernetes::pause));
        boolean hasApi = has("Kubernetes", entry.minor(), "kubeadmApi", api.isPresent(), entry.origin());
        boolean hasLeast = has("Kubernetes", entry.minor(), "containerd", !least.isEmpty(), entry.origin());
        boolean hasPause = has("Kubernetes", entry.minor(), "pause", pause.isPresent(), entry.origin());
        if (hasApi && hasLeast && hasPause) {
            kubernetes.put(
                    entry.minor(),
                    new VersionMatrix.Kubernetes(
                            entry.minor(),
                            api.orElseThrow(),
                            least,
                            pause.orElseThrow(),
                            entry.removedKubeletFlags().isEmpty()
                                    ? known.map(VersionMatrix.Kubernetes::removedKubeletFlags)
                                            .orElse(List.of())
                                    : entry.removedKubeletFlags(),
                            entry.notes().isEmpty()
                                    ? known.map(VersionMatrix.Kubernetes::notes).orElse(List.of())
                                    : entry.notes()));
        }
    }

    private void lay(ContainerdEntry entry) {
        Optional<VersionMatrix.Containerd> known = Optional.ofNullable(containerd.get(entry.minor()));
        once("containerd " + entry.minor(), entry.origin());
        Optional<Integer> configVersion = entry.configVersion().isPresent()
                ? Optional.of(entry.configVersion().getAsInt())
                : known.map(VersionMatrix.Containerd::configVersion);
        if (has("containerd", entry.minor(), "configVersion", configVersion.isPresent(), entry.origin())) {
            containerd.put(
                    entry.minor(),
                    new VersionMatrix.Containerd(
                            entry.minor(),
                            configVersion.orElseThrow(),
                            entry.support().or(() -> known.flatMap(VersionMatrix.Containerd::support))));
        }
    }

    private boolean has(String what, Minor minor, String field, boolean there, Origin origin) {
        if (!there) {
            problems.error(
                    CD001,
                    origin.at(),
                    "VersionMatrix entry of " + what + " " + minor + " lacks \"" + field + "\"",
                    "add " + field + "; this minor is not known yet");
        }
        return there;
    }

    private void once(String subject, Origin origin) {
        Optional.ofNullable(written.putIfAbsent(subject, origin.at()))
                .ifPresent(first -> problems.error(
                        DEF003,
                        origin.at(),
                        "the VersionMatrix entry of " + subject + " is defined twice: " + Rules.place(first) + " and "
                                + Rules.place(origin.at()),
                        "keep one of the two"));
    }

    private static VersionMatrix builtIn() {
        try (InputStream stream = MatrixLayers.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException(RESOURCE + " is not in the program");
            }
            ParsedFile file = FileParser.parse(new RepoPath(RESOURCE), stream.readAllBytes(), Limits.DEFAULT);
            Problems problems = new Problems();
            problems.addAll(file.problems());
            VersionMatrix empty = new VersionMatrix(new TreeMap<>(), new TreeMap<>());
            VersionMatrix matrix = over(
                    empty,
                    file.matrices().stream().map(ParsedFile.Matrix::entries).toList(),
                    problems);
            if (problems.count() > 0) {
                throw new IllegalStateException("the built-in matrix is wrong: " + problems.inOrder());
            }
            return matrix;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
