package dev.trimtab.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ObjectKey;
import java.util.List;
import java.util.Optional;

/** What a person is told of the differences between the live object and the server's answer. */
final class FieldChanges {

    private FieldChanges() {}

    /**
     * @param manager whose writes are our own
     */
    static List<FieldChange> of(
            ObjectKey object, ObjectNode live, ObjectNode answer, FieldChange.Origin origin, String manager) {
        return ObjectDiff.between(live, answer).stream()
                .map(difference -> change(object, live, difference, origin, manager))
                .toList();
    }

    private static FieldChange change(
            ObjectKey object,
            ObjectNode live,
            ObjectDiff.Difference difference,
            FieldChange.Origin origin,
            String manager) {
        boolean masked = Masking.masks(object, difference.location());
        return new FieldChange(
                difference.location().text(),
                masked ? Optional.empty() : difference.before().map(Masking::redact),
                masked ? Optional.empty() : difference.after().map(Masking::redact),
                masked,
                origin,
                difference.before().flatMap(value -> foreignOwner(live, difference.location(), manager)),
                difference.location().pointer());
    }

    private static Optional<String> foreignOwner(ObjectNode live, FieldLocation location, String manager) {
        List<String> owners = ManagedFields.managersOf(live.path("metadata"), location.ownerPath());
        return owners.contains(manager) ? Optional.empty() : owners.stream().findFirst();
    }
}
