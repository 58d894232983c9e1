package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.Ownership;
import dev.trimtab.render.DesiredObject;
import java.util.Optional;
import java.util.Set;

/** Why a live object must not be applied over now. */
final class Hindrances {

    private Hindrances() {}

    static Optional<Finding> of(DesiredObject desired, ObjectNode live, String syncName) {
        JsonNode metadata = live.path("metadata");
        Set<String> consented = Ownership.adoptedFrom(desired.json().path("metadata"));
        Optional<Finding> other = Ownership.otherSync(metadata, syncName)
                .filter(name -> !consented.contains(Ownership.fieldManager(name)))
                .map(name -> otherSync(desired, syncName, name));
        if (other.isPresent()) {
            return other;
        }
        boolean adopting = ManagedFields.ownedBy(metadata, Ownership.fieldManager(syncName))
                        .isEmpty()
                && !syncName.equals(
                        metadata.path("labels").path(Ownership.SYNC_LABEL).asText(""));
        Optional<FormerTool> tool = adopting ? FormerTool.unasked(metadata, consented) : Optional.empty();
        if (tool.isPresent()) {
            return Optional.of(problem(
                    desired,
                    PlanCode.OTHER_TOOL,
                    "it belongs to " + tool.get().name() + " (" + tool.get().owner(metadata) + "). "
                            + tool.get().farewell() + ", then annotate the object in Git with "
                            + Ownership.ADOPT_ANNOTATION
                            + ": " + tool.get().name()));
        }
        return metadata.hasNonNull("deletionTimestamp")
                ? Optional.of(problem(
                        desired,
                        PlanCode.TERMINATING,
                        "it is being deleted and is created again once it is gone; its finalizers: "
                                + metadata.path("finalizers")))
                : Optional.empty();
    }

    static Finding otherSync(DesiredObject desired, String syncName, String other) {
        return problem(
                desired,
                PlanCode.OTHER_SYNC,
                "sync " + other + " manages it, and sync " + syncName
                        + " holds it too; take it out of one of the two, or, to move it to "
                        + syncName + ", annotate it there with " + Ownership.ADOPT_ANNOTATION + ": "
                        + Ownership.fieldManager(other));
    }

    private static Finding problem(DesiredObject desired, PlanCode code, String text) {
        return new Finding.Unknown(new Plan.ObjectProblem(desired.key(), Optional.of(desired.origin()), code, text));
    }
}
