package dev.trimtab.inplace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which remembered templates to use, to add and to forget. */
final class Revisions {

    private Revisions() {}

    /** The revision of the template that the CloneSet has now. */
    static Optional<TemplateRevision> wanted(CloneSetState state) {
        return state.revisions().stream()
                .filter(revision -> revision.sameAs(state.cloneSet().template()))
                .max(Comparator.comparingLong(TemplateRevision::number));
    }

    /** The revision the CloneSet comes from: the one its status names, as long as there is an update under way. */
    static TemplateRevision current(CloneSetState state, TemplateRevision wanted) {
        String named = state.cloneSet().status().path("currentRevision").asText("");
        return state.revisions().stream()
                .filter(revision -> revision.name().equals(named))
                .findFirst()
                .orElse(wanted);
    }

    static Step add(CloneSetState state) {
        Set<String> taken =
                state.revisions().stream().map(TemplateRevision::name).collect(Collectors.toSet());
        long number = newest(state) + 1;
        int collisions = state.cloneSet().collisionCount();
        TemplateRevision next = TemplateRevision.next(state.cloneSet(), collisions, number);
        while (taken.contains(next.name())) {
            next = TemplateRevision.next(state.cloneSet(), ++collisions, number);
        }
        return new Step.CreateRevision(next);
    }

    /** Numbers the wanted revision as the newest where it is an older one again, and forgets what is beyond the limit. */
    static List<Step> keep(CloneSetState state, TemplateRevision wanted, TemplateRevision current) {
        List<Step> steps = new ArrayList<>();
        long newest = newest(state);
        boolean shared = state.revisions().stream()
                .anyMatch(other -> other.number() == newest && !other.name().equals(wanted.name()));
        if (wanted.number() < newest || shared) {
            steps.add(new Step.RenumberRevision(wanted, newest + 1));
        }
        List<TemplateRevision> history = state.revisions().stream()
                .filter(revision -> !revision.name().equals(wanted.name())
                        && !revision.name().equals(current.name())
                        && state.pods().stream().noneMatch(revision::isLabelOf))
                .sorted(Comparator.comparingLong(TemplateRevision::number))
                .toList();
        int beyond = history.size() - state.cloneSet().historyLimit();
        history.stream().limit(Math.max(beyond, 0)).forEach(old -> steps.add(new Step.DeleteRevision(old)));
        return steps;
    }

    private static long newest(CloneSetState state) {
        return state.revisions().stream()
                .mapToLong(TemplateRevision::number)
                .max()
                .orElse(0);
    }
}
