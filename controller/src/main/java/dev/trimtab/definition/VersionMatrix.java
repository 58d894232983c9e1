package dev.trimtab.definition;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.semver4j.Semver;

/**
 * Kind {@code VersionMatrix} of {@code cluster.trimtab.dev/v1alpha1}: which versions fit together. The product carries one; what a
 * definition writes about a minor takes the place of what that one says, field by field.
 *
 * @param kubernetes by minor; never empty
 * @param containerd by minor; never empty
 */
public record VersionMatrix(SortedMap<Minor, Kubernetes> kubernetes, SortedMap<Minor, Containerd> containerd) {

    public VersionMatrix {
        kubernetes = Collections.unmodifiableSortedMap(new TreeMap<>(kubernetes));
        containerd = Collections.unmodifiableSortedMap(new TreeMap<>(containerd));
    }

    /**
     * @param kubeadmApi of kubeadm's configuration file, for instance {@code kubeadm.k8s.io/v1beta4}
     * @param containerd the lowest version of each minor of containerd that will do, lowest first
     * @param pause tag of the sandbox image that kubeadm expects
     * @param removedKubeletFlags that stop the kubelet from this minor on, without dashes
     * @param notes what else changed
     */
    public record Kubernetes(
            Minor minor,
            String kubeadmApi,
            List<String> containerd,
            String pause,
            List<String> removedKubeletFlags,
            List<String> notes) {
        public Kubernetes {
            containerd = List.copyOf(containerd);
            removedKubeletFlags = List.copyOf(removedKubeletFlags);
            notes = List.copyOf(notes);
        }

        /**
         * Whether a version of containerd will do: not below the lowest of its own minor, or of a minor newer than all that are
         * named.
         */
        public boolean allows(Semver version) {
            Minor minor = new Minor(version.getMajor(), version.getMinor());
            boolean newer = containerd.stream()
                    .allMatch(least -> Minor.of(least)
                            .filter(known -> known.compareTo(minor) < 0)
                            .isPresent());
            return newer
                    || containerd.stream()
                            .filter(least -> Minor.of(least).equals(Optional.of(minor)))
                            .anyMatch(least -> version.isGreaterThanOrEqualTo(new Semver(least)));
        }

        /** For people: {@code 2.2.0+ or 2.3.0+}. */
        public String containerdWords() {
            return Suggestion.list(containerd.stream().map(least -> least + "+").toList(), "or");
        }
    }

    /**
     * @param configVersion of the newest configuration file that it reads
     * @param support until when its makers mend it
     */
    public record Containerd(Minor minor, int configVersion, Optional<String> support) {}

    /** What the product knows by itself. */
    public static VersionMatrix builtIn() {
        return MatrixLayers.BUILT_IN;
    }

    /** What holds for a version such as {@code v1.36.4}; empty for a minor that the matrix does not know. */
    public Optional<Kubernetes> forKubernetes(String version) {
        return Minor.of(version).flatMap(minor -> Optional.ofNullable(kubernetes.get(minor)));
    }

    /**
     * The newest configuration file that a version of containerd reads. A minor that is newer than all that are known is taken for
     * the newest of them; empty for an older one.
     */
    public Optional<Integer> configVersion(String containerdVersion) {
        return Minor.of(containerdVersion)
                .flatMap(minor -> Optional.ofNullable(containerd.get(minor))
                        .or(() -> newest().filter(newest -> newest.minor().compareTo(minor) < 0)))
                .map(Containerd::configVersion);
    }

    private Optional<Containerd> newest() {
        return containerd.values().stream().reduce((older, newer) -> newer);
    }

    /** The lowest minor of containerd that reads a configuration file of this version. */
    Optional<Minor> firstWith(int configVersion) {
        return containerd.values().stream()
                .filter(known -> known.configVersion() >= configVersion)
                .map(Containerd::minor)
                .findFirst();
    }
}
