package dev.trimtab.sandbox.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds after any history of applies and updates. The seed is the parameter. */
class ServerSideApplyPropertyTest {

    private static final List<String> APPLIERS = List.of("a", "b", "c");

    static List<Long> seeds() {
        return new Random(20261121).longs(60).boxed().toList();
    }

    private static LiveObject history(RandomObjects objects, boolean updates) {
        LiveObject live = new LiveObject(RandomObjects.TYPE, RandomObjects.API_VERSION);
        for (int i = 0; i < 6; i++) {
            String manager = APPLIERS.get(objects.below(APPLIERS.size()));
            ObjectNode next = objects.next();
            if (updates && i > 0 && objects.below(3) == 0) {
                live.put("u", next.toString());
            } else {
                live.force(manager, next.toString());
            }
        }
        return live;
    }

    private static FieldSet owned(LiveObject live) {
        return ManagedFields.of(live.get()).union();
    }

    private static FieldSet present(LiveObject live) {
        return OwnedFields.of(RandomObjects.TYPE, live.get());
    }

    private static FieldSet spec(FieldSet fields) {
        return fields.below(new PathElement.Field("spec"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void applyingTwiceChangesNothing(long seed) {
        RandomObjects objects = new RandomObjects(seed);
        LiveObject live = history(objects, true);
        String applied = objects.next().toString();
        live.force("a", applied);
        ObjectNode once = live.get().deepCopy();
        live.later(60).apply("a", applied);
        assertThat(live.get()).isEqualTo(once);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void appliedValuesAreLive(long seed) {
        RandomObjects objects = new RandomObjects(seed);
        LiveObject live = history(objects, true);
        ObjectNode applied = objects.next();
        live.force("a", applied.toString());
        FieldSet fields = OwnedFields.of(RandomObjects.TYPE, applied);
        Comparison comparison = Comparison.of(RandomObjects.TYPE, applied, live.get());
        assertThat(fields.intersection(comparison.modified())).isEqualTo(FieldSet.EMPTY);
        assertThat(fields.intersection(comparison.removed())).isEqualTo(FieldSet.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everythingIsOwnedWhenEverythingWasApplied(long seed) {
        LiveObject live = history(new RandomObjects(seed), false);
        assertThat(spec(present(live)).leaves().difference(spec(owned(live)))).isEqualTo(FieldSet.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsOwnedThatIsNotThere(long seed) {
        LiveObject live = history(new RandomObjects(seed), true);
        FieldSet present = present(live).withNamedFields(RandomObjects.TYPE);
        assertThat(spec(owned(live)).difference(spec(present))).isEqualTo(FieldSet.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void applyingNothingRemovesExactlyWhatOnlyTheApplierOwned(long seed) {
        LiveObject live = history(new RandomObjects(seed), false);
        ManagedFields before = ManagedFields.of(live.get());
        Owner owner = Owner.applier("a", "");
        FieldSet othersOwn = before.without(owner).union();
        ObjectNode old = live.get().deepCopy();

        live.apply("a", RandomObjects.empty().toString());
        ManagedFields after = ManagedFields.of(live.get());
        assertThat(after.get(owner)).isEmpty();
        assertThat(after.entries()).isEqualTo(before.without(owner).entries());
        Comparison comparison = Comparison.of(RandomObjects.TYPE, old, live.get());
        assertThat(spec(othersOwn).intersection(spec(comparison.removed()))).isEqualTo(FieldSet.EMPTY);
        assertThat(spec(present(live)).leaves().difference(spec(othersOwn)))
                .as("only what others own is left")
                .isEqualTo(FieldSet.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void withoutForceAnApplyConflictsOrTakesNothing(long seed) {
        RandomObjects objects = new RandomObjects(seed);
        LiveObject live = history(objects, true);
        ManagedFields before = ManagedFields.of(live.get());
        String applied = objects.next().toString();
        try {
            live.apply("b", applied);
        } catch (ApplyConflict conflict) {
            assertThat(conflict.conflicts()).isNotEmpty();
            return;
        }
        ManagedFields after = ManagedFields.of(live.get());
        Owner applier = Owner.applier("b", "");
        FieldSet gone = before.without(applier).union().difference(after.union());
        assertThat(spec(gone).leaves()).isEqualTo(FieldSet.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void comparisonTurnsAround(long seed) {
        RandomObjects objects = new RandomObjects(seed);
        ObjectNode a = objects.next();
        ObjectNode b = objects.next();
        Comparison there = Comparison.of(RandomObjects.TYPE, a, b);
        Comparison back = Comparison.of(RandomObjects.TYPE, b, a);
        assertThat(there.added()).isEqualTo(back.removed());
        assertThat(there.removed()).isEqualTo(back.added());
        assertThat(there.modified()).isEqualTo(back.modified());
    }
}
