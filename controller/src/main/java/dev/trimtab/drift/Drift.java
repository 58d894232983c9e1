package dev.trimtab.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Operation;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An object that is not what was applied.
 *
 * @param fields what differs; {@code before} is the live value, {@code after} the desired one; values of Secrets are not in it
 * @param manager who changed it, where the server tells; our own field manager when somebody wrote by its name
 * @param changedAt when that manager last changed a value, to the second
 * @param since when it was first seen to differ
 */
public record Drift(
        ObjectKey object,
        DriftClass type,
        List<FieldChange> fields,
        Optional<String> manager,
        Optional<Instant> changedAt,
        Instant since) {

    /** The manager to which the server gives every field that has lost its owners (Kubernetes API reference, Server-Side Apply). */
    private static final String OWNER_OF_THE_WIPED = "before-first-apply";

    public Drift {
        fields = List.copyOf(fields);
    }

    /**
     * What a plan found to differ although Git did not move.
     *
     * @param fieldManager whose writes are our own
     */
    public static Drift of(Change change, Sighting sighting, String fieldManager) {
        Optional<ManagedFields.Entry> writer =
                sighting.metadata().flatMap(metadata -> writer(change.fields(), metadata, fieldManager));
        return new Drift(
                change.object(),
                type(change),
                change.fields(),
                writer.map(ManagedFields.Entry::manager)
                        .or(() -> change.fields().stream()
                                .flatMap(field -> field.liveManager().stream())
                                .findFirst()),
                writer.flatMap(ManagedFields.Entry::time),
                sighting.since());
    }

    /** The same, of which it is known that healing does not help. */
    public Drift fight() {
        return new Drift(object, DriftClass.FIGHT, fields, manager, changedAt, since);
    }

    /** The same, known for longer. */
    Drift since(Instant earlier) {
        return new Drift(object, type, fields, manager, changedAt, earlier);
    }

    boolean tellsTheSameAs(Drift other) {
        return type == other.type && fields.equals(other.fields) && manager.equals(other.manager);
    }

    /** What healing it would write: each field that differs, and the empty path for the object itself. */
    public Set<String> paths() {
        return fields.isEmpty()
                ? Set.of("")
                : fields.stream().map(FieldChange::path).collect(Collectors.toUnmodifiableSet());
    }

    private static DriftClass type(Change change) {
        if (change.operation() == Operation.CREATE) {
            return DriftClass.MISSING;
        }
        return change.fields().isEmpty() ? DriftClass.EXTRA_OWNER : DriftClass.CHANGED;
    }

    /**
     * Whether all values are as desired, and some merely belong to whoever changed them back by hand. Wiped ownership is another
     * matter: only an apply of ours mends it.
     */
    public static boolean isHarmless(Change change, Sighting sighting, String fieldManager) {
        return type(change) == DriftClass.EXTRA_OWNER
                && sighting.metadata()
                        .filter(metadata ->
                                ManagedFields.ownedBy(metadata, fieldManager).isPresent())
                        .filter(metadata -> ManagedFields.entries(metadata).stream()
                                .noneMatch(entry -> entry.manager().equals(OWNER_OF_THE_WIPED)))
                        .isPresent();
    }

    /** Who owns one of the fields now; where they are gone, who wrote last; where nobody else did, whoever uses our name. */
    public static Optional<ManagedFields.Entry> writer(
            List<FieldChange> fields, JsonNode metadata, String fieldManager) {
        Comparator<ManagedFields.Entry> byTime =
                Comparator.comparing(entry -> entry.time().orElse(Instant.EPOCH));
        List<ManagedFields.Entry> others = ManagedFields.entries(metadata).stream()
                .filter(entry -> !entry.subresource().equals("status"))
                .filter(entry -> !entry.manager().equals(fieldManager)
                        || !entry.operation().equals("Apply"))
                .toList();
        Optional<ManagedFields.Entry> owner = others.stream()
                .filter(entry -> fields.stream().anyMatch(field -> entry.touches(field.path())))
                .max(byTime);
        if (owner.isPresent()) {
            return owner;
        }
        Optional<ManagedFields.Entry> ours = ManagedFields.ownedBy(metadata, fieldManager);
        boolean stillOurs = ours.isPresent()
                && fields.stream()
                        .anyMatch(field ->
                                field.before().isPresent() && ours.get().touches(field.path()));
        return stillOurs ? ours : others.stream().max(byTime).or(() -> ours);
    }
}
