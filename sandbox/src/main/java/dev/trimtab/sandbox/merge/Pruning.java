package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;

/** Removes what an applier applied last time, does not apply now, and nobody else owns. */
final class Pruning {

    private Pruning() {}

    /**
     * @param merged the live object with the applied one laid over it
     * @param last what the applier owned
     * @param owned what everyone owns now, the applier's new fields included
     */
    static ObjectNode prune(Type.Struct type, ObjectNode merged, FieldSet last, FieldSet owned) {
        if (last.difference(owned).isEmpty()) {
            return merged;
        }
        FieldSet all = OwnedFields.of(type, merged).withNamedFields(type);
        FieldSet lastNamed = last.withNamedFields(type);

        ObjectNode withoutLast = Removal.remove(type, merged, lastNamed);
        FieldSet kept = named(type, withoutLast).union(owned.withNamedFields(type));
        ObjectNode withOwned = Removal.remove(type, merged, all.difference(kept));

        // Items and keys that nobody owns went with their parent; only what was the applier's may go.
        FieldSet gone = all.difference(named(type, withOwned)).intersection(lastNamed);
        return Removal.remove(type, merged, gone);
    }

    private static FieldSet named(Type.Struct type, ObjectNode object) {
        return OwnedFields.of(type, object).withNamedFields(type);
    }
}
