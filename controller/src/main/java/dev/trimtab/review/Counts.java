package dev.trimtab.review;

import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PodImpact.Effect;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many objects and pods a plan touches, by what happens to them. */
public record Counts(Map<Action, Integer> objects, Map<Effect, Integer> pods, int unchanged) {

    public Counts {
        objects = Map.copyOf(objects);
        pods = Map.copyOf(pods);
    }

    /** Counts the changes of a plan. */
    public static Counts of(Plan plan) {
        Map<Action, Integer> objects = new EnumMap<>(Action.class);
        Map<Effect, Integer> pods = new EnumMap<>(Effect.class);
        for (Change change : plan.changes()) {
            objects.merge(change.action(), 1, Integer::sum);
            pods.merge(change.pods().effect(), change.pods().count(), Integer::sum);
        }
        return new Counts(objects, pods, plan.unchanged().size() + plan.known());
    }

    /** How many objects have this action. */
    public int objects(Action action) {
        return objects.getOrDefault(action, 0);
    }

    /** How many pods see this effect. */
    public int pods(Effect effect) {
        return pods.getOrDefault(effect, 0);
    }

    /** The pods that something happens to, as a sentence's list; empty when there are none. */
    List<String> podPhrases() {
        return java.util.stream.Stream.of(
                        phrase(Effect.RESTART_IN_PLACE, "restart in place"),
                        phrase(Effect.METADATA_ONLY, "relabelled"),
                        phrase(Effect.RECREATE, "recreated"),
                        phrase(Effect.REMOVE, "removed"),
                        phrase(Effect.ADD, "added"))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private String phrase(Effect effect, String words) {
        return pods(effect) == 0 ? "" : pods(effect) + " " + words;
    }
}
