package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Rewrites {@code metadata.managedFields} so that what leaves Git leaves the cluster. A field that another manager owns too stays
 * when its applier drops it (Kubernetes documentation, "Server-Side Apply"): without this, whatever {@code kubectl apply} once
 * wrote could never be removed by a commit.
 *
 * <p>Two rules. A <em>predecessor</em> kept the whole object before: all that it owns becomes ours, so that what Git does not hold
 * goes with the next apply, as it would have gone with the predecessor. Anybody else who wrote a field that is ours now loses that
 * one field and keeps the rest. What other appliers, subresources and controllers own is theirs.
 */
public final class Takeover {

    /** Set by the server in the name of all who wrote an object before the first apply, or before managedFields were wiped. */
    public static final String BEFORE_FIRST_APPLY = "before-first-apply";

    /** Where {@code kubectl apply} keeps the whole object, Secret data included. */
    public static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /** What of kubectl writes whole manifests; its other commands set single fields. */
    private static final Set<String> WHOLE_BY_UPDATE =
            Set.of("kubectl-client-side-apply", "kubectl-last-applied", "kubectl-create", "kubectl-replace");

    private static final Set<String> WHOLE_BY_APPLY = Set.of("kubectl", "kubectl-last-applied");

    private final String manager;
    private final Set<String> consented;

    /**
     * @param manager ours
     * @param consented field managers that count as predecessors because a person says so
     */
    public Takeover(String manager, Set<String> consented) {
        this.manager = manager;
        this.consented = Set.copyOf(consented);
    }

    /** The managers that kept the whole object before; each once. */
    public List<String> predecessors(JsonNode metadata) {
        return ManagedFields.entries(metadata).stream()
                .filter(this::isPredecessor)
                .map(ManagedFields.Entry::manager)
                .distinct()
                .toList();
    }

    /** What all predecessors own, and nothing else does afterwards: a FieldsV1 tree. */
    public ObjectNode inherited(JsonNode metadata) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (ManagedFields.Entry entry : ManagedFields.entries(metadata)) {
            fields = isPredecessor(entry) ? FieldSets.union(fields, entry.fields()) : fields;
        }
        return fields;
    }

    /**
     * The JSON patch to send before the first apply. It makes what the predecessors own ours, names {@code apiVersion} in entries
     * whose version is no longer served, and drops kubectl's copy of the object. It is locked by the resourceVersion of
     * {@code live}: a writer in between makes the server answer 409. Nothing is added to the object, so the patch leaves no entry
     * of its own.
     *
     * @param stale whether an API version is no longer served
     * @return empty when there is nothing to rewrite
     */
    public Optional<ArrayNode> before(ObjectNode live, String apiVersion, Predicate<String> stale) {
        JsonNode metadata = live.path("metadata");
        boolean hasStale = metadata.path("managedFields").isArray()
                && ManagedFields.entries(metadata).stream().anyMatch(entry -> stale.test(entry.apiVersion()));
        boolean hasCopy = metadata.path("annotations").has(LAST_APPLIED);
        if (predecessors(metadata).isEmpty() && !hasStale && !hasCopy) {
            return Optional.empty();
        }
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        ObjectNode ours = inherited(metadata);
        for (JsonNode entry : metadata.path("managedFields")) {
            Optional<ManagedFields.Entry> read = ManagedFields.entry(entry);
            if (read.isPresent() && isOurs(read.get())) {
                ours = FieldSets.union(ours, read.get().fields());
            } else if (read.isEmpty() || !isPredecessor(read.get())) {
                entries.add(served(entry, apiVersion, stale));
            }
        }
        if (!ours.isEmpty()) {
            entries.add(JsonNodeFactory.instance
                    .objectNode()
                    .put("manager", manager)
                    .put("operation", "Apply")
                    .put("apiVersion", apiVersion)
                    .put("fieldsType", "FieldsV1")
                    .set("fieldsV1", ours));
        }
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        if (!entries.isEmpty()) {
            replaceEntries(patch, metadata, entries);
        }
        lock(patch, metadata);
        if (hasCopy) {
            patch.addObject().put("op", "remove").put("path", "/metadata/annotations/" + escape(LAST_APPLIED));
        }
        return Optional.of(patch);
    }

    /**
     * Who shares fields of ours and must not: their entry alone would keep a field alive that left Git.
     *
     * @param adopting right after the first apply everybody who wrote a field of ours by hand counts; later only what the server
     *     attributes to those before the first apply, and predecessors
     */
    public List<String> sharers(JsonNode metadata, boolean adopting) {
        return ManagedFields.ownedBy(metadata, manager)
                .map(ours -> ManagedFields.entries(metadata).stream()
                        .filter(entry -> mustNotShare(entry, adopting))
                        .filter(entry -> !FieldSets.intersection(entry.fields(), ours.fields())
                                .isEmpty())
                        .map(ManagedFields.Entry::manager)
                        .distinct()
                        .toList())
                .orElse(List.of());
    }

    /**
     * The JSON patch to send after an apply whose answer shows {@link #sharers}: takes from them what is ours, no more.
     *
     * @return empty when nobody shares
     */
    public Optional<ArrayNode> after(ObjectNode answer, boolean adopting) {
        JsonNode metadata = answer.path("metadata");
        Optional<ManagedFields.Entry> ours = ManagedFields.ownedBy(metadata, manager);
        if (ours.isEmpty() || sharers(metadata, adopting).isEmpty()) {
            return Optional.empty();
        }
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (JsonNode entry : metadata.path("managedFields")) {
            Optional<ManagedFields.Entry> read = ManagedFields.entry(entry);
            if (read.isEmpty() || !mustNotShare(read.get(), adopting)) {
                entries.add(entry);
                continue;
            }
            ObjectNode rest = FieldSets.without(read.get().fields(), ours.get().fields());
            if (!rest.isEmpty()) {
                entries.add(((ObjectNode) entry.deepCopy()).set("fieldsV1", rest));
            }
        }
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        replaceEntries(patch, metadata, entries);
        lock(patch, metadata);
        return Optional.of(patch);
    }

    /**
     * What the object will be once predecessors have handed over and we have applied: the server's answer to a dry-run, which still
     * lets them keep what Git does not hold, without that.
     *
     * @param answer to a dry-run of the apply; not changed
     * @param plain how the server would have the desired object if it were new, defaults included: a field that went comes back as
     *     its default
     */
    public ObjectNode preview(ObjectNode live, ObjectNode answer, ObjectNode plain) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        for (ManagedFields.Entry entry : ManagedFields.entries(answer.path("metadata"))) {
            kept = isPredecessor(entry) ? kept : FieldSets.union(kept, entry.fields());
        }
        ObjectNode going = FieldSets.difference(inherited(live.path("metadata")), kept);
        ObjectNode result = answer.deepCopy();
        FieldsV1.remove(result, going, kept, plain);
        if (result.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(LAST_APPLIED);
        }
        return result;
    }

    /**
     * What to ask the server with when a dry-run is refused because predecessors still hold fields that Git does not, which may not be
     * beside those that it does: a variable's {@code value} beside its {@code valueFrom}. With null for these fields the server answers
     * as it will once they are ours and gone.
     *
     * @param plain how the server would have the desired object if it were new, with managedFields
     * @return empty when there are no such fields
     */
    public Optional<ObjectNode> emptied(ObjectNode live, ObjectNode desired, ObjectNode plain) {
        ObjectNode ours = ManagedFields.ownedBy(plain.path("metadata"), manager)
                .map(ManagedFields.Entry::fields)
                .orElseGet(JsonNodeFactory.instance::objectNode);
        ObjectNode going = FieldSets.difference(inherited(live.path("metadata")), ours);
        ObjectNode emptied = desired.deepCopy();
        return FieldsV1.blank(emptied, going) ? Optional.of(emptied) : Optional.empty();
    }

    /** What the entries of {@code before} lost to {@code after}, by manager; ours and predecessors do not count. */
    public List<Loss> losses(JsonNode before, JsonNode after) {
        List<Loss> losses = new ArrayList<>();
        for (ManagedFields.Entry entry : ManagedFields.entries(before)) {
            if (isOurs(entry) || isPredecessor(entry)) {
                continue;
            }
            ObjectNode left = ManagedFields.entries(after).stream()
                    .filter(other -> other.isOf(entry))
                    .map(ManagedFields.Entry::fields)
                    .findFirst()
                    .orElseGet(JsonNodeFactory.instance::objectNode);
            Set<String> paths = new LinkedHashSet<>();
            FieldsV1.collect(FieldSets.difference(entry.fields(), left), "", paths);
            if (!paths.isEmpty()) {
                losses.add(new Loss(entry.manager(), List.copyOf(paths)));
            }
        }
        return losses;
    }

    /**
     * Fields that a manager owned and does not own any more.
     *
     * @param paths as people read them
     */
    public record Loss(String manager, List<String> paths) {
        public Loss {
            paths = List.copyOf(paths);
        }
    }

    private boolean isOurs(ManagedFields.Entry entry) {
        return entry.manager().equals(manager)
                && entry.operation().equals("Apply")
                && entry.subresource().isEmpty();
    }

    private boolean isPredecessor(ManagedFields.Entry entry) {
        if (!entry.subresource().isEmpty() || isOurs(entry)) {
            return false;
        }
        Set<String> whole = entry.operation().equals("Apply") ? WHOLE_BY_APPLY : WHOLE_BY_UPDATE;
        return whole.contains(entry.manager()) || consented.contains(entry.manager());
    }

    private boolean mustNotShare(ManagedFields.Entry entry, boolean adopting) {
        if (isOurs(entry) || !entry.subresource().isEmpty()) {
            return false;
        }
        // Another applier says again and again what it wants: that it wants the same is its right.
        return entry.operation().equals("Update")
                && (adopting || isPredecessor(entry) || entry.manager().equals(BEFORE_FIRST_APPLY));
    }

    private static JsonNode served(JsonNode entry, String apiVersion, Predicate<String> stale) {
        if (!stale.test(entry.path("apiVersion").asText(""))) {
            return entry;
        }
        return ((ObjectNode) entry.deepCopy()).put("apiVersion", apiVersion);
    }

    private static void replaceEntries(ArrayNode patch, JsonNode metadata, ArrayNode entries) {
        patch.addObject()
                .put("op", metadata.has("managedFields") ? "replace" : "add")
                .put("path", "/metadata/managedFields")
                .set("value", entries);
    }

    /** A version in the object, and not a "test" of it: the server answers 409 then, which says what happened. */
    private static void lock(ArrayNode patch, JsonNode metadata) {
        patch.addObject()
                .put("op", "replace")
                .put("path", "/metadata/resourceVersion")
                .set("value", metadata.path("resourceVersion"));
    }

    private static String escape(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
