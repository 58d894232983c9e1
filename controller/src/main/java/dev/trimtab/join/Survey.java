package dev.trimtab.join;

import dev.trimtab.bootstrap.join.JoinPlan;
import dev.trimtab.bootstrap.join.Obstacle;
import java.util.Optional;

/**
 * What came of a look at one machine.
 *
 * @param plan empty when the machine could not be asked
 * @param obstacle why nothing will be done to it
 */
public record Survey(String node, Optional<JoinPlan> plan, Optional<Obstacle> obstacle) {

    static Survey of(JoinPlan plan) {
        return new Survey(plan.node(), Optional.of(plan), plan.obstacle());
    }

    static Survey unanswered(String node, Obstacle obstacle) {
        return new Survey(node, Optional.empty(), Optional.of(obstacle));
    }

    Survey refused(Obstacle why) {
        return new Survey(node, plan, Optional.of(why));
    }
}
