package dev.trimtab.cli;

import dev.trimtab.nodes.NodeChange;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Plan;
import java.util.Optional;
import java.util.Set;

/** What {@code --fail-on} can name. */
enum FailOn {
    DANGER,
    DELETE,
    RECREATE,
    IN_PLACE,
    APPLY,
    CREATE,
    ANY;

    static boolean matches(Set<FailOn> wanted, Plan plan) {
        return plan.changes().stream()
                .anyMatch(change -> wanted.contains(of(change.action()))
                        || wanted.contains(ANY)
                        || (wanted.contains(DANGER) && change.isDangerous()));
    }

    /** A drain moves pods, which are made anew elsewhere; anything else that is done to a node is an apply. */
    static boolean matches(Set<FailOn> wanted, Optional<NodePlan> nodes) {
        return nodes.stream()
                .flatMap(plan -> plan.changes().stream())
                .map(change -> change.kind() == NodeChange.Kind.DRAIN ? RECREATE : APPLY)
                .anyMatch(action -> wanted.contains(action) || wanted.contains(ANY));
    }

    private static FailOn of(Action action) {
        return switch (action) {
            case DELETE -> DELETE;
            case RECREATE -> RECREATE;
            case IN_PLACE -> IN_PLACE;
            case APPLY -> APPLY;
            case CREATE -> CREATE;
        };
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
