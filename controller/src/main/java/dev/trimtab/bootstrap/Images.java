package dev.trimtab.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Minor;
import dev.trimtab.render.AddonManifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every image that the definition implies: what a mirror has to hold, and what an installation without a network brings along. */
final class Images {

    private static final String DEFAULT_REPOSITORY = "registry.k8s.io";

    /** What kubeadm of a minor deploys. A later patch release may bring a newer etcd; verify.sh tells when it does. */
    private record Companions(String etcd, String coredns) {}

    /**
     * {@code DefaultEtcdVersion} and {@code CoreDNSVersion} of kubeadm's constants; what {@code kubeadm config images list} of
     * v1.33.0, v1.34.0, v1.35.0, v1.36.4 and v1.37.1 prints.
     */
    private static final SortedMap<Minor, Companions> COMPANIONS = new TreeMap<>(Map.of(
            new Minor(1, 33), new Companions("3.5.21-0", "v1.12.0"),
            new Minor(1, 34), new Companions("3.6.4-0", "v1.12.1"),
            new Minor(1, 35), new Companions("3.6.6-0", "v1.13.1"),
            new Minor(1, 36), new Companions("3.6.8-0", "v1.14.2"),
            new Minor(1, 37), new Companions("3.7.0-0", "v1.14.6")));

    private final Facts facts;
    private final Definition definition;

    Images(Facts facts, Definition definition) {
        this.facts = facts;
        this.definition = definition;
    }

    /** One a line, sorted, each once. */
    String text() {
        SortedSet<String> images = new TreeSet<>(kubeadm());
        images.add(facts.sandboxImage());
        Stream.concat(AddonManifests.of(definition).stream(), definition.manifests().stream())
                .map(Manifest::json)
                .forEach(json -> containers(json, images));
        return String.join("\n", images) + "\n";
    }

    /** What {@code kubeadm config images list} names, in its order. */
    List<String> kubeadm() {
        String repository = facts.cluster().images().repository();
        Companions companions = Optional.ofNullable(COMPANIONS.get(facts.minor()))
                .orElseGet(() -> COMPANIONS.get(COMPANIONS.lastKey()));
        List<String> images = new ArrayList<>();
        for (String part : List.of("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy")) {
            images.add(repository + "/" + part + ":" + facts.cluster().kubernetesVersion());
        }
        // Only in the default repository CoreDNS lies one folder deeper.
        images.add(repository + (repository.equals(DEFAULT_REPOSITORY) ? "/coredns" : "") + "/coredns:"
                + companions.coredns());
        images.add(facts.pauseImage());
        images.add(repository + "/etcd:" + companions.etcd());
        return images;
    }

    private static void containers(JsonNode json, SortedSet<String> images) {
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : json.path(list)) {
                if (container.path("image").isTextual()) {
                    images.add(container.path("image").asText());
                }
            }
        }
        json.forEach(child -> containers(child, images));
    }
}
