package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Server-side apply and the tracking of field ownership in {@code metadata.managedFields}, by the rules of the
 * Kubernetes documentation and of the structured-merge-diff library that the API server uses.
 */
public final class ServerSideApply {

    private static final String BEFORE_FIRST_APPLY = "before-first-apply";

    private ServerSideApply() {}

    /**
     * Merges what a manager applies into the live object.
     *
     * <p>The result is canonical (see {@link Typed#canonical}) but not defaulted. Where nothing but the entries'
     * times differs from the live object once defaults are in, as when {@code 1000m} is applied to {@code 1}, nothing
     * is to be written.
     *
     * @param live absent when the object is to be created
     * @param applied without managedFields; where the kind has a status subresource the caller has dropped
     *     {@code status} (or everything but it)
     * @return the next object with its managedFields; equal to {@code live} when nothing changes
     * @throws ApplyConflict others own fields with another value, and the request does not force
     * @throws TypedFailure {@code applied} does not fit the type, or managedFields of {@code live} cannot be read
     */
    public static ObjectNode apply(
            Type.Struct type, Optional<ObjectNode> live, ObjectNode applied, ApplyRequest request) {
        ObjectNode before = live.map(ServerSideApply::withoutManagedFields).orElseGet(() -> EmptyObject.of(type));
        ManagedFields managed = live.map(ServerSideApply::decode).orElse(ManagedFields.NONE);
        if (managed.isEmpty() && live.isPresent()) {
            UpdateRequest unknown =
                    new UpdateRequest(request.apiVersion(), BEFORE_FIRST_APPLY, request.subresource(), request.now());
            managed = track(type, EmptyObject.of(type), before, managed, unknown);
        }
        Owner applier = Owner.applier(request.manager(), request.subresource());
        Optional<ManagedFields.Entry> last = managed.get(applier);
        TypedValidation.check(type, applied, request.apiVersion());

        ObjectNode merged = TypedMerge.merge(type, before, applied);
        FieldSet fields = OwnedFields.of(type, applied);
        managed = managed.with(
                applier,
                new ManagedFields.Entry(request.apiVersion(), last.flatMap(ManagedFields.Entry::time), fields));
        FieldSet lastFields = last.map(ManagedFields.Entry::fields).orElse(FieldSet.EMPTY);
        ObjectNode next = Pruning.prune(type, merged, lastFields, managed.union());

        boolean changesValues = !JsonOrder.equal(before, next);
        if (changesValues) {
            Comparison comparison = Comparison.of(type, before, next);
            Conflicts conflicts = Conflicts.of(managed, applier, comparison.changed());
            if (!request.force() && !conflicts.isEmpty()) {
                LastApplied.refuse(type, before, request, conflicts);
            }
            managed =
                    managed.map(owned -> owned.difference(comparison.changed()).difference(comparison.removed()));
        }
        Optional<String> time =
                changesValues ? Optional.of(time(request.now())) : last.flatMap(ManagedFields.Entry::time);
        managed = managed.with(
                applier, new ManagedFields.Entry(request.apiVersion(), time, UntrackedFields.removeFrom(fields)));
        ObjectNode result = Typed.canonical(type, LastApplied.refresh(next, applied, request));
        return managed.writeTo(result);
    }

    /**
     * Gives {@code next} the managedFields it has after a create, PUT or patch that is not an apply.
     *
     * @param live absent when the object is created
     * @param next the whole canonical object as it will be stored, defaults included; its own managedFields count if
     *     they are valid, {@code []} and {@code [{}]} forget all owners, absent ones keep those of {@code live}
     * @return a copy of {@code next}
     */
    public static ObjectNode update(
            Type.Struct type, Optional<ObjectNode> live, ObjectNode next, UpdateRequest request) {
        ManagedFields managed = updatedBy(live, next, request);
        ObjectNode after = withoutManagedFields(next);
        if (managed.isEmpty() && live.isPresent()) {
            // Ownership was given up; it is taken up again by the first apply.
            return after.deepCopy();
        }
        ObjectNode before = live.map(ServerSideApply::withoutManagedFields).orElseGet(() -> EmptyObject.of(type));
        try {
            return AncientChanges.cap(track(type, before, after, managed, request))
                    .writeTo(after.deepCopy());
        } catch (TypedFailure indistinguishableItems) {
            return managed.writeTo(after.deepCopy());
        }
    }

    /** Entries after an update: what changed becomes the updater's, what is gone is nobody's. */
    private static ManagedFields track(
            Type.Struct type, ObjectNode before, ObjectNode after, ManagedFields managed, UpdateRequest request) {
        Comparison comparison = Comparison.of(type, before, after);
        Owner updater = Owner.updater(request.manager(), request.apiVersion(), request.subresource());
        FieldSet changed = comparison.changed();
        ManagedFields next = managed.map(owned -> owned.difference(changed).difference(comparison.removed()));
        FieldSet taken = UntrackedFields.removeFrom(changed);
        if (taken.isEmpty()) {
            return next;
        }
        FieldSet all = next.get(updater)
                .map(ManagedFields.Entry::fields)
                .orElse(FieldSet.EMPTY)
                .union(taken);
        return next.with(updater, new ManagedFields.Entry(request.apiVersion(), Optional.of(time(request.now())), all));
    }

    /** The entries an update starts from. A subresource cannot set them. */
    private static ManagedFields updatedBy(Optional<ObjectNode> live, ObjectNode next, UpdateRequest request) {
        if (request.subresource().isEmpty()) {
            if (isReset(next.path("metadata").path("managedFields"))) {
                return ManagedFields.NONE;
            }
            Optional<ManagedFields> own = decodeIfValid(next);
            if (own.isPresent() && !own.get().isEmpty()) {
                return own.get();
            }
        }
        return live.flatMap(ServerSideApply::decodeIfValid).orElse(ManagedFields.NONE);
    }

    private static boolean isReset(JsonNode managedFields) {
        return managedFields.isArray()
                && (managedFields.isEmpty()
                        || (managedFields.size() == 1 && managedFields.get(0).isEmpty()));
    }

    private static Optional<ManagedFields> decodeIfValid(ObjectNode object) {
        try {
            return Optional.of(ManagedFields.of(object));
        } catch (IllegalArgumentException notValid) {
            return Optional.empty();
        }
    }

    private static ManagedFields decode(ObjectNode object) {
        try {
            return ManagedFields.of(object);
        } catch (IllegalArgumentException e) {
            throw new TypedFailure("failed to decode managed fields: " + e.getMessage());
        }
    }

    /** A copy of the first two levels; what is below is shared. */
    private static ObjectNode withoutManagedFields(ObjectNode object) {
        if (!object.path("metadata").has("managedFields")) {
            return object;
        }
        ObjectNode metadata = object.objectNode();
        metadata.setAll((ObjectNode) object.get("metadata"));
        metadata.remove("managedFields");
        ObjectNode copy = object.objectNode();
        copy.setAll(object);
        copy.set("metadata", metadata);
        return copy;
    }

    private static String time(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
