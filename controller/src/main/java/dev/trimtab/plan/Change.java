package dev.trimtab.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Position;
import dev.trimtab.kube.IgnoredFields;
import dev.trimtab.kube.ObjectKey;
import java.util.List;
import java.util.Optional;

/**
 * What happens to one object.
 *
 * @param apiVersion the version that is written or deleted
 * @param origin where the object is written; empty for a delete
 * @param uid of the live object; empty for a create
 * @param adoption how ownership moves, where it does
 * @param ignored fields of the desired object that are left to others
 * @param sent what is sent in place of Git's text where a rollout in place holds fields of the object
 * @param risks what is at stake beyond the object, the worst first
 */
public record Change(
        ObjectKey object,
        String apiVersion,
        Optional<Position> origin,
        Optional<String> uid,
        Action action,
        Operation operation,
        List<FieldChange> fields,
        Reason reason,
        PodImpact pods,
        Optional<Adoption> adoption,
        IgnoredFields ignored,
        Optional<ObjectNode> sent,
        List<Risk> risks) {

    public Change {
        fields = List.copyOf(fields);
        risks = List.copyOf(risks);
    }

    /** Of an object that is ours already, or new. */
    public Change(
            ObjectKey object,
            String apiVersion,
            Optional<Position> origin,
            Optional<String> uid,
            Action action,
            Operation operation,
            List<FieldChange> fields,
            Reason reason,
            PodImpact pods) {
        this(
                object,
                apiVersion,
                origin,
                uid,
                action,
                operation,
                fields,
                reason,
                pods,
                Optional.empty(),
                IgnoredFields.NONE,
                Optional.empty(),
                List.of());
    }

    /** The same change, of which only these fields are told. */
    public Change with(List<FieldChange> some) {
        return new Change(
                object, apiVersion, origin, uid, action, operation, some, reason, pods, adoption, ignored, sent, risks);
    }

    /** Whether more than the object is at stake. */
    public boolean isDangerous() {
        return risks.stream().anyMatch(Risk::isDanger);
    }
}
