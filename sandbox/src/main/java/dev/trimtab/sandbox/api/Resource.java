package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.schema.Type;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A resource that is served: what discovery says of it, and what the verbs must know.
 *
 * @param group empty for the core group
 * @param plural the path segment
 * @param versions in order of preference; the objects are stored once, whatever their number
 */
public record Resource(
        String group,
        String plural,
        String singular,
        String kind,
        String listKind,
        boolean namespaced,
        List<String> shortNames,
        List<String> categories,
        Set<Trait> traits,
        List<Version> versions) {

    /** Where resources differ from each other in what the verbs do. */
    public enum Trait {
        /** Has {@code metadata.generation}, which counts changes of the desired state. */
        GENERATION,
        /** A change of annotations counts, too. */
        ANNOTATIONS_COUNT,
        /** A question rather than an object: POST answers it, nothing is stored. */
        CREATE_ONLY,
        /** A finished deletion is answered with the object instead of a Status. */
        RETURNED,
        /** Leaves its dependents behind unless told otherwise, as the first kinds did. */
        ORPHANS,
        /** Is deleted one by one only. */
        NO_COLLECTION_DELETE,
        /** Comes from a custom resource definition. */
        CUSTOM
    }

    /**
     * One version of a resource.
     *
     * @param type the shape of the objects; {@link Type.Struct} without fields for questions
     * @param served a stored version need not be
     * @param schema of custom resources
     */
    public record Version(
            String name,
            Type.Struct type,
            boolean served,
            boolean storage,
            Set<String> subresources,
            Optional<CustomVersion> schema) {}

    /**
     * What a custom resource definition says of a version.
     *
     * @param openApi the {@code openAPIV3Schema}
     */
    public record CustomVersion(
            JsonNode openApi, List<PrinterColumn> columns, Optional<ScalePaths> scale, Set<String> selectableFields) {}

    /** One entry of {@code additionalPrinterColumns}. */
    public record PrinterColumn(
            String name, String type, String format, String description, int priority, String jsonPath) {}

    /** Where a custom resource keeps what {@code autoscaling/v1 Scale} shows; dotted paths, {@code selector} may be empty. */
    public record ScalePaths(String specReplicas, String statusReplicas, String labelSelector) {}

    /** As kubectl and error messages name it: {@code pods}, {@code deployments.apps}. */
    public String name() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    public List<Version> servedVersions() {
        return versions.stream().filter(Version::served).toList();
    }

    public Version storageVersion() {
        return versions.stream().filter(Version::storage).findFirst().orElse(versions.get(0));
    }

    /** A version that clients can use. */
    public Optional<Version> version(String version) {
        return versions.stream()
                .filter(each -> each.served() && each.name().equals(version))
                .findFirst();
    }

    public String apiVersion(Version version) {
        return group.isEmpty() ? version.name() : group + "/" + version.name();
    }
}
