package dev.trimtab.drift;

import dev.trimtab.definition.Position;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.render.IgnoreRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How what drifted can be left as it is, as narrowly as possible.
 *
 * @param rule for {@code spec.ignore} of the sync, where one helps
 * @param advice what to do where a rule does not help, or something else is better
 */
public record Concession(Drifted drifted, Optional<IgnoreRules.Rule> rule, List<String> advice) {

    private static final String REPLICAS = "spec.replicas";

    public Concession {
        advice = List.copyOf(advice);
    }

    public static Concession of(Drifted drifted) {
        ObjectKey key = drifted.drift().object();
        return switch (drifted.drift().type()) {
            case MISSING -> advice(drifted, "it is gone; to leave it so, take it out of Git" + place(drifted));
            case EXTRA_OWNER ->
                advice(
                        drifted,
                        "its values are Git's, so there is nothing to leave; an apply makes the fields ours alone");
            case CHANGED, FIGHT ->
                key.group().isEmpty() && key.kind().equals("Node")
                        ? advice(
                                drifted,
                                "no rule is for nodes; write what is there into the inventory, or take the key out of it")
                        : fields(drifted);
        };
    }

    private static Concession advice(Drifted drifted, String text) {
        return new Concession(drifted, Optional.empty(), List.of(text));
    }

    private static Concession fields(Drifted drifted) {
        ObjectKey key = drifted.drift().object();
        List<FieldPointer> paths = new ArrayList<>();
        List<String> advice = new ArrayList<>();
        for (FieldChange field : drifted.drift().fields()) {
            if (field.path().equals(REPLICAS) && !byHand(drifted)) {
                advice.add(REPLICAS + ": something scales it; take the field out of Git" + place(drifted)
                        + ", its value in the cluster stays");
            } else if (field.pointer().isEmpty()) {
                advice.add(field.path() + ": no rule can name it");
            } else if (!IgnoreRules.mayName(field.pointer().get())) {
                advice.add(field.path() + ": the object is known by it; it has to be put back");
            } else {
                add(paths, field.pointer().get());
            }
        }
        if (byHand(drifted) && !paths.isEmpty()) {
            advice.add("written by hand: if it is to stay, better write it into Git" + place(drifted)
                    + "; with a rule, no later edit of these fields is noticed either");
        }
        Optional<IgnoreRules.Rule> rule = paths.isEmpty()
                ? Optional.empty()
                : Optional.of(new IgnoreRules.Rule(key.kind(), Optional.of(key.name()), key.namespace(), paths));
        return new Concession(drifted, rule, advice);
    }

    /** Each field once, and no part beside its whole. */
    private static void add(List<FieldPointer> paths, FieldPointer path) {
        if (paths.stream().noneMatch(other -> other.covers(path))) {
            paths.removeIf(path::covers);
            paths.add(path);
        }
    }

    private static boolean byHand(Drifted drifted) {
        return drifted.writer()
                .filter(writer -> writer.manager().startsWith("kubectl"))
                .isPresent();
    }

    private static String place(Drifted drifted) {
        return drifted.origin()
                .map(Position::toString)
                .map(at -> " (" + at + ")")
                .orElse("");
    }
}
