package dev.trimtab.sandbox.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Catalog;
import dev.trimtab.sandbox.api.Endpoint;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The discovery documents, drawn anew from the catalog each time: custom resources come and go. */
public final class Discovery {

    private final Catalog catalog;

    public Discovery(Catalog catalog) {
        this.catalog = catalog;
    }

    /** {@code /api}. */
    public ObjectNode core(String serverAddress) {
        ObjectNode versions = Json.object();
        versions.put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", serverAddress);
        return versions;
    }

    /** {@code /apis}. */
    public ObjectNode groups() {
        ObjectNode list = Json.object();
        list.put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        byGroup().forEach((group, versions) -> {
            if (!group.isEmpty()) {
                groups.add(group(group, versions));
            }
        });
        return list;
    }

    /** {@code /apis/<group>}. */
    public Optional<ObjectNode> group(String group) {
        return Optional.ofNullable(byGroup().get(group)).map(versions -> {
            ObjectNode document = group(group, versions);
            document.put("kind", "APIGroup").put("apiVersion", "v1");
            return document;
        });
    }

    private static ObjectNode group(String group, Set<String> versions) {
        ObjectNode document = Json.object();
        document.put("name", group);
        ArrayNode array = document.putArray("versions");
        versions.forEach(version -> array.add(groupVersion(group, version)));
        document.set("preferredVersion", groupVersion(group, versions.iterator().next()));
        return document;
    }

    private static ObjectNode groupVersion(String group, String version) {
        return Json.object().put("groupVersion", group + "/" + version).put("version", version);
    }

    /** The versions of each group in order of preference. */
    private Map<String, Set<String>> byGroup() {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        for (Resource resource : catalog.all()) {
            Set<String> versions =
                    groups.computeIfAbsent(resource.group(), group -> new TreeSet<>(VersionOrder.MOST_STABLE_FIRST));
            resource.servedVersions().forEach(version -> versions.add(version.name()));
        }
        groups.values().removeIf(Set::isEmpty);
        return groups;
    }

    /** {@code /api/v1} and {@code /apis/<group>/<version>}. */
    public Optional<ObjectNode> resources(String group, String version) {
        List<Endpoint> endpoints = endpoints(group, version);
        if (endpoints.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode list = Json.object();
        list.put("kind", "APIResourceList").put("apiVersion", "v1");
        list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        for (Endpoint endpoint : endpoints) {
            resources.add(resource(endpoint));
            for (String subresource : new TreeSet<>(endpoint.version().subresources())) {
                resources.add(subresource(endpoint, subresource));
            }
        }
        return Optional.of(list);
    }

    private List<Endpoint> endpoints(String group, String version) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Resource resource : catalog.all()) {
            if (resource.group().equals(group)) {
                resource.version(version).ifPresent(served -> endpoints.add(new Endpoint(resource, served)));
            }
        }
        return endpoints;
    }

    private static ObjectNode resource(Endpoint endpoint) {
        Resource resource = endpoint.resource();
        ObjectNode node = Json.object();
        node.put("name", resource.plural());
        node.put("singularName", resource.singular());
        node.put("namespaced", resource.namespaced());
        node.put("kind", resource.kind());
        verbs(resource).forEach(node.putArray("verbs")::add);
        if (!resource.shortNames().isEmpty()) {
            resource.shortNames().forEach(node.putArray("shortNames")::add);
        }
        if (!resource.categories().isEmpty()) {
            resource.categories().forEach(node.putArray("categories")::add);
        }
        return node;
    }

    private static List<String> verbs(Resource resource) {
        if (resource.is(Resource.Trait.CREATE_ONLY)) {
            return List.of("create");
        }
        return resource.is(Resource.Trait.NO_COLLECTION_DELETE)
                ? List.of("create", "delete", "get", "list", "patch", "update", "watch")
                : List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    }

    private static ObjectNode subresource(Endpoint endpoint, String subresource) {
        Resource resource = endpoint.resource();
        ObjectNode node = Json.object();
        node.put("name", resource.plural() + "/" + subresource);
        node.put("singularName", "");
        node.put("namespaced", resource.namespaced());
        Subresource about = Subresource.of(resource, subresource);
        if (!about.group().isEmpty()) {
            node.put("group", about.group()).put("version", "v1");
        }
        node.put("kind", about.kind());
        about.verbs().forEach(node.putArray("verbs")::add);
        return node;
    }

    private record Subresource(String group, String kind, List<String> verbs) {

        static Subresource of(Resource resource, String name) {
            return switch (name) {
                case "scale" -> new Subresource("autoscaling", "Scale", List.of("get", "patch", "update"));
                case "eviction" -> new Subresource("policy", "Eviction", List.of("create"));
                case "binding" -> new Subresource("", "Binding", List.of("create"));
                case "finalize" -> new Subresource("", resource.kind(), List.of("update"));
                default -> new Subresource("", resource.kind(), List.of("get", "patch", "update"));
            };
        }
    }

    /** {@code /api} and {@code /apis} for clients that want all in one document, {@code apidiscovery.k8s.io/v2}. */
    public ObjectNode aggregated(boolean core) {
        ObjectNode list = Json.object();
        list.put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        byGroup().forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata");
                if (!group.isEmpty()) {
                    metadata.put("name", group);
                }
                ArrayNode array = item.putArray("versions");
                versions.forEach(version -> array.add(aggregatedVersion(group, version)));
            }
        });
        return list;
    }

    private ObjectNode aggregatedVersion(String group, String version) {
        ObjectNode node = Json.object().put("version", version);
        ArrayNode resources = node.putArray("resources");
        for (Endpoint endpoint : endpoints(group, version)) {
            resources.add(aggregatedResource(endpoint));
        }
        return node.put("freshness", "Current");
    }

    private static ObjectNode aggregatedResource(Endpoint endpoint) {
        Resource resource = endpoint.resource();
        ObjectNode node = Json.object();
        node.put("resource", resource.plural());
        node.set("responseKind", kind(endpoint, "", resource.kind()));
        node.put("scope", resource.namespaced() ? "Namespaced" : "Cluster");
        node.put("singularResource", resource.singular());
        verbs(resource).forEach(node.putArray("verbs")::add);
        if (!resource.shortNames().isEmpty()) {
            resource.shortNames().forEach(node.putArray("shortNames")::add);
        }
        if (!resource.categories().isEmpty()) {
            resource.categories().forEach(node.putArray("categories")::add);
        }
        Set<String> subresources =
                new LinkedHashSet<>(new TreeSet<>(endpoint.version().subresources()));
        if (!subresources.isEmpty()) {
            ArrayNode array = node.putArray("subresources");
            for (String subresource : subresources) {
                Subresource about = Subresource.of(resource, subresource);
                ObjectNode entry = array.addObject().put("subresource", subresource);
                entry.set("responseKind", kind(endpoint, about.group(), about.kind()));
                about.verbs().forEach(entry.putArray("verbs")::add);
            }
        }
        return node;
    }

    private static ObjectNode kind(Endpoint endpoint, String otherGroup, String kind) {
        // What is of the resource's own group and version, the server says by its kind alone, unless a definition made
        // it.
        boolean custom = endpoint.resource().is(Resource.Trait.CUSTOM);
        String ownGroup = custom ? endpoint.resource().group() : "";
        String ownVersion = custom ? endpoint.version().name() : "";
        String group = otherGroup.isEmpty() ? ownGroup : otherGroup;
        String version = otherGroup.isEmpty() ? ownVersion : "v1";
        return Json.object().put("group", group).put("version", version).put("kind", kind);
    }
}
