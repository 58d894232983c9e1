package dev.trimtab.sandbox.merge;

import dev.trimtab.sandbox.merge.ApplyConflict.Conflict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of others that an apply would change, and how the server says so. */
record Conflicts(Map<Owner, FieldSet> byOwner) {

    static Conflicts of(ManagedFields managed, Owner applier, FieldSet changed) {
        Map<Owner, FieldSet> conflicts = new LinkedHashMap<>();
        managed.entries().forEach((owner, entry) -> {
            FieldSet taken = entry.fields().intersection(changed);
            if (!owner.equals(applier) && !taken.isEmpty()) {
                conflicts.put(owner, taken);
            }
        });
        return new Conflicts(conflicts);
    }

    boolean isEmpty() {
        return byOwner.isEmpty();
    }

    /** These conflicts without those on some fields. */
    Conflicts without(FieldSet fields) {
        Map<Owner, FieldSet> rest = new LinkedHashMap<>();
        byOwner.forEach((owner, conflicts) -> {
            FieldSet left = conflicts.difference(fields);
            if (!left.isEmpty()) {
                rest.put(owner, left);
            }
        });
        return new Conflicts(rest);
    }

    ApplyConflict toException() {
        List<Conflict> causes = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        byOwner.forEach((owner, fields) -> {
            lines.add("conflicts with " + owner + ":");
            fields.forEach(path -> {
                causes.add(new Conflict(owner.toString(), FieldSet.pathText(path)));
                lines.add("- " + FieldSet.pathText(path));
            });
        });
        if (causes.size() == 1) {
            Conflict only = causes.get(0);
            return new ApplyConflict("Apply failed with 1 conflict: " + only.message() + ": " + only.path(), causes);
        }
        return new ApplyConflict(
                "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines), causes);
    }
}
