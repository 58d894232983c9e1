package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Tools that keep an object for as long as they run: taking it from them without their knowing ends in a fight, or in its deletion
 * when they let go of it. They are known by the marks that their documentation names.
 *
 * @param name as Git consents to it
 * @param managers under which it writes
 */
record FormerTool(String name, Set<String> managers, String map, String mark, String farewell) {

    private static final FormerTool[] KNOWN = {
        new FormerTool(
                "helm",
                Set.of("helm", "helm-controller"),
                "annotations",
                "meta.helm.sh/release-name",
                "Helm would put its values back at the next upgrade and delete the object with the release; forget the release "
                        + "without its objects (delete its Secrets sh.helm.release.v1.*)"),
        new FormerTool(
                "kustomize-controller",
                Set.of("kustomize-controller"),
                "labels",
                "kustomize.toolkit.fluxcd.io/name",
                "Flux would put its values back; suspend the Kustomization, or set its prune to false and delete it"),
        new FormerTool(
                "helm-controller",
                Set.of("helm-controller", "helm"),
                "labels",
                "helm.toolkit.fluxcd.io/name",
                "Flux would put its values back; suspend the HelmRelease"),
        new FormerTool(
                "argocd-controller",
                Set.of("argocd-controller"),
                "annotations",
                "argocd.argoproj.io/tracking-id",
                "Argo CD would put its values back; delete the Application without its resources (--cascade=false)")
    };

    /** The tool whose mark the object carries, unless it is one of those consented to. */
    static Optional<FormerTool> unasked(JsonNode metadata, Set<String> consented) {
        for (FormerTool tool : KNOWN) {
            if (metadata.path(tool.map).has(tool.mark) && !consented.contains(tool.name)) {
                return Optional.of(tool);
            }
        }
        return Optional.empty();
    }

    /** The field managers that a consent stands for. */
    static Set<String> managers(Set<String> consented) {
        Set<String> managers = new HashSet<>(consented);
        for (FormerTool tool : KNOWN) {
            if (consented.contains(tool.name)) {
                managers.addAll(tool.managers);
            }
        }
        return managers;
    }

    /** What the mark says: the release, the Kustomization. */
    String owner(JsonNode metadata) {
        return metadata.path(map).path(mark).asText("");
    }
}
