package dev.trimtab.cli;

import dev.trimtab.plan.Action;
import dev.trimtab.plan.Plan;
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
