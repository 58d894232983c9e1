package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.IgnoredFields;
import dev.trimtab.kube.Ownership;
import dev.trimtab.render.DesiredObject;
import java.util.List;
import java.util.Optional;

/** Plans the delete and create of an object of which a field changes that the server never lets change. */
final class RecreatePlanner {

    /** The server makes these up for every new Job. */
    private static final String GENERATED = "controller-uid";

    private final String syncName;
    private final String manager;
    private final RunningPods pods;

    RecreatePlanner(String syncName, RunningPods pods) {
        this.syncName = syncName;
        this.manager = Ownership.fieldManager(syncName);
        this.pods = pods;
    }

    /**
     * @param refusal of the dry-run over {@code live}
     * @param alone how the server would have the object under another name, which proves that nothing else is wrong with it; empty
     *     when it refuses that too
     * @return empty when the refusal is a plain one
     */
    Optional<Finding> plan(
            DesiredObject desired,
            ObjectNode live,
            ApiException refusal,
            Optional<ObjectNode> alone,
            IgnoredFields ignored,
            boolean drift) {
        if (alone.isEmpty() || !Ownership.belongsTo(live.path("metadata"), syncName)) {
            return Optional.empty();
        }
        ObjectNode next = ignored.asIn(live, alone.get()).deepCopy();
        List<String> fields = ImmutableFields.of(refusal, live, next);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        String immutable = "immutable: " + String.join(", ", fields);
        if (ImmutableFields.isNeverRecreated(desired.key())) {
            return Optional.of(
                    new Finding.Unknown(
                            new Plan.ObjectProblem(
                                    desired.key(),
                                    Optional.of(desired.origin()),
                                    PlanCode.NEVER_RECREATED,
                                    immutable + "; a " + desired.key().kind()
                                            + " is never recreated by Trimtab: put the field back, or write it under another name and move the data")));
        }
        return Optional.of(new Finding.Differs(change(desired, live, next, fields, ignored, drift), List.of()));
    }

    private Change change(
            DesiredObject desired,
            ObjectNode live,
            ObjectNode next,
            List<String> fields,
            IgnoredFields ignored,
            boolean drift) {
        boolean keeping = adopts(next.path("spec").path("selector"), live);
        String text = "immutable: " + String.join(", ", fields) + "; the object is deleted and created again"
                + (keeping ? ", its pods stay and are adopted" : "");
        boolean consented = Ownership.recreateAllowed(desired.json().path("metadata"));
        return new Change(
                desired.key(),
                desired.apiVersion(),
                Optional.of(desired.origin()),
                Optional.of(live.path("metadata").path("uid").asText()),
                Action.RECREATE,
                keeping ? Operation.RECREATE_KEEPING_PODS : Operation.RECREATE,
                fieldChanges(desired, live, next, drift),
                new Reason(
                        PlanCode.IMMUTABLE,
                        text,
                        fields,
                        consented ? Optional.empty() : Optional.of(Ownership.RECREATE_ADVICE)),
                keeping
                        ? WorkloadEffect.of(
                                        live,
                                        next,
                                        desired.json(),
                                        // Nothing holds a new object back from rolling.
                                        UpdateStrategy.Policy.NATIVE,
                                        pods.facts(live))
                                .map(WorkloadEffect::pods)
                                .orElse(PodImpact.NONE)
                        : WorkloadEffect.recreated(pods.names(live)),
                Optional.empty(),
                ignored,
                Optional.empty(),
                NetworkChange.of(live, next).stream().toList());
    }

    private List<FieldChange> fieldChanges(DesiredObject desired, ObjectNode live, ObjectNode next, boolean drift) {
        ObjectNode before = live.deepCopy();
        before.remove("status");
        ObjectNode after = next.deepCopy();
        after.remove("status");
        FieldChange.Origin origin = drift ? FieldChange.Origin.DRIFT : FieldChange.Origin.GIT;
        return FieldChanges.of(desired.key(), before, after, origin, manager).stream()
                .filter(change -> !change.path().contains(GENERATED))
                .toList();
    }

    /** Whether a new controller takes the pods that the old one leaves: otherwise nobody would ever stop them. */
    private static boolean adopts(JsonNode selector, ObjectNode live) {
        JsonNode labels = live.path("spec").path("template").path("metadata").path("labels");
        boolean plain = selector.path("matchExpressions").isEmpty()
                && !selector.path("matchLabels").isEmpty();
        return plain
                && !live.path("kind").asText().equals("Job")
                && selector.path("matchLabels").properties().stream()
                        .allMatch(label -> label.getValue().equals(labels.path(label.getKey())));
    }
}
