package dev.trimtab.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ObjectKey;
import java.util.List;
import java.util.Optional;

/** What was found out about one object. */
sealed interface Finding {

    /** It has to change. */
    record Differs(Change change, List<Plan.ObjectWarning> warnings) implements Finding {}

    /** It is as it should be. */
    record Same(ObjectKey object, ObjectNode metadata, Optional<Baseline> baseline, List<Plan.ObjectWarning> warnings)
            implements Finding {}

    /** It left Git, and there is nothing to delete; {@code why} says why not. */
    record Released(ObjectKey object, PlanCode why) implements Finding {}

    /** It could not be compared. */
    record Unknown(Plan.ObjectProblem problem) implements Finding {}
}
