package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.semver4j.Semver;

/** Reads kind {@link VersionMatrix}: the names of its fields and their types. */
final class VersionMatrixReader {

    private VersionMatrixReader() {}

    /** One document, which may tell of one field of one minor only. */
    record Entries(List<KubernetesEntry> kubernetes, List<ContainerdEntry> containerd) {}

    record KubernetesEntry(
            Minor minor,
            Optional<String> kubeadmApi,
            List<String> containerd,
            Optional<String> pause,
            List<String> removedKubeletFlags,
            List<String> notes,
            Origin origin) {}

    record ContainerdEntry(Minor minor, OptionalInt configVersion, Optional<String> support, Origin origin) {}

    static Entries read(Fields document) {
        Fields spec = document.object("spec", "what fits together");
        return new Entries(
                spec.objects("kubernetes", "one entry a minor of Kubernetes").stream()
                        .flatMap(entry -> kubernetes(entry).stream())
                        .toList(),
                spec.objects("containerd", "one entry a minor of containerd").stream()
                        .flatMap(entry -> containerd(entry).stream())
                        .toList());
    }

    private static Optional<KubernetesEntry> kubernetes(Fields entry) {
        Optional<Minor> minor = minor(entry);
        Optional<String> api = entry.text(
                "kubeadmApi", "`apiVersion` of kubeadm's configuration file; needed for a minor that is not known yet");
        List<String> containerd = versions(entry);
        Optional<String> pause = entry.text(
                "pause", "tag of the sandbox image that kubeadm expects; needed for a minor that is not known yet");
        List<String> flags = entry.texts("removedKubeletFlags", "flags, without dashes, that stop this kubelet");
        List<String> notes = entry.texts("notes", "what else changed with this minor");
        return minor.map(known -> new KubernetesEntry(known, api, containerd, pause, flags, notes, entry.origin()));
    }

    private static Optional<ContainerdEntry> containerd(Fields entry) {
        Optional<Minor> minor = minor(entry);
        OptionalInt configVersion = entry.number(
                "configVersion",
                "newest version of the configuration file that it reads; needed for a minor that is not known yet",
                new Field.Bounds(2, 4));
        Optional<String> support = entry.text("support", "until when its makers mend it");
        return minor.map(known -> new ContainerdEntry(known, configVersion, support, entry.origin()));
    }

    private static Optional<Minor> minor(Fields entry) {
        String written = entry.required("minor", "for instance `\"1.36\"`, in quotes");
        Optional<Minor> minor =
                Minor.of(written).filter(known -> known.toString().equals(written));
        if (minor.isEmpty() && !written.isEmpty()) {
            entry.wrong(CD001, "minor", "minor \"" + written + "\" must be two numbers such as 1.36", "write \"1.36\"");
        }
        return minor;
    }

    private static List<String> versions(Fields entry) {
        List<String> versions = entry.texts(
                "containerd",
                "lowest versions that will do, one a minor of containerd; needed for a minor that is not known yet");
        for (int i = 0; i < versions.size(); i++) {
            if (!Versions.isFull(versions.get(i))) {
                entry.wrongAt(
                        CD001,
                        "/containerd/" + i,
                        "containerd \"" + versions.get(i) + "\" must be a full version such as 2.3.0",
                        "write major.minor.patch");
            }
        }
        return versions.stream()
                .filter(Versions::isFull)
                .sorted(Comparator.comparing(Semver::new))
                .toList();
    }
}
