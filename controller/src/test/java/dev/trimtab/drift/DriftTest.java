package dev.trimtab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.plan.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftTest {

    private static final String US = "trimtab-shop";
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final ObjectKey WEB = new ObjectKey("", "ConfigMap", Optional.of("shop"), "web");
    private static final FieldChange CHANGED = field(Optional.of(new IntNode(2)));
    private static final FieldChange REMOVED = field(Optional.empty());

    @Test
    void whoOwnsTheLiveValueDidIt() {
        ObjectNode metadata = Metadata.of(US, "6");
        owner(metadata, "argo", "f:metadata", "f:a", "2026-11-21T11:00:00Z");
        owner(metadata, "kubectl-edit", "f:data", "f:a", "2026-11-21T10:30:00Z");

        Drift drift = Drift.of(patch(CHANGED), sighting(metadata), US);

        assertThat(drift.type()).isEqualTo(DriftClass.CHANGED);
        assertThat(drift.manager()).contains("kubectl-edit");
        assertThat(drift.changedAt()).contains(Instant.parse("2026-11-21T10:30:00Z"));
        assertThat(drift.since()).isEqualTo(NOW);
        assertThat(drift.paths()).containsExactly("data[a]");
    }

    @Test
    void whoTookAFieldAwayIsWhoWroteLast() {
        ObjectNode metadata = Metadata.of(US, "6");
        owner(metadata, "kubelet", "f:status", "f:x", "2026-11-21T11:30:00Z");
        ((ObjectNode) metadata.at("/managedFields/1")).put("subresource", "status");
        owner(metadata, "old", "f:data", "f:c", "2026-11-21T09:00:00Z");
        owner(metadata, "kubectl-edit", "f:data", "f:b", "2026-11-21T11:00:00Z");

        assertThat(Drift.of(patch(REMOVED), sighting(metadata), US).manager()).contains("kubectl-edit");
    }

    @Test
    void whoWritesByOurNameIsCalledByIt() {
        ObjectNode metadata = Metadata.of(US, "6");
        owner(metadata, "argo", "f:metadata", "f:a", "2026-11-21T11:00:00Z");

        assertThat(Drift.of(patch(CHANGED), sighting(metadata), US).manager()).contains(US);
    }

    @Test
    void deletedObjectIsMissingAndNobodyIsBlamed() {
        Drift drift = Drift.of(change(Operation.CREATE, List.of()), new Sighting(NOW, "", Optional.empty()), US);

        assertThat(drift.type()).isEqualTo(DriftClass.MISSING);
        assertThat(drift.manager()).isEmpty();
        assertThat(drift.paths()).containsExactly("");
    }

    @Test
    void valuesThatWereChangedBackAreHarmlessAndWipedOwnershipIsNot() {
        ObjectNode reverted = Metadata.of(US, "6");
        owner(reverted, "kubectl-edit", "f:data", "f:a", "2026-11-21T10:30:00Z");
        ObjectNode wiped = Metadata.of("before-first-apply", "6");

        assertThat(Drift.isHarmless(patch(), sighting(reverted), US)).isTrue();
        assertThat(Drift.isHarmless(patch(), sighting(wiped), US)).isFalse();
        assertThat(Drift.of(patch(), sighting(wiped), US).type()).isEqualTo(DriftClass.EXTRA_OWNER);
        assertThat(Drift.isHarmless(patch(CHANGED), sighting(reverted), US)).isFalse();
    }

    @Test
    void driftIsNewsWhenItChangesAndIsDatedFromItsBeginning() {
        Drifts drifts = new Drifts();
        Drift first = Drift.of(patch(CHANGED), sighting(Metadata.of(US, "6")), US);
        Drift later =
                Drift.of(patch(CHANGED), new Sighting(NOW.plusSeconds(60), "7", Optional.of(Metadata.of(US, "7"))), US);

        assertThat(drifts.put(first)).contains(first);
        assertThat(drifts.put(later)).isEmpty();
        assertThat(drifts.put(later.fight())).map(Drift::since).contains(NOW);
        assertThat(drifts.list()).containsExactly(first.fight());
        assertThat(drifts.clear(WEB)).contains(first.fight());
        assertThat(drifts.clear(WEB)).isEmpty();
        drifts.put(first);
        drifts.retain(Set.of());
        assertThat(drifts.list()).isEmpty();
    }

    private static Sighting sighting(ObjectNode metadata) {
        return new Sighting(NOW, "6", Optional.of(metadata));
    }

    private static void owner(ObjectNode metadata, String manager, String parent, String field, String time) {
        ObjectNode fields = Metadata.entry(metadata, manager, parent);
        fields.withObject("/" + parent).putObject(field);
        ((ObjectNode) metadata.withArray("/managedFields")
                        .get(metadata.path("managedFields").size() - 1))
                .put("operation", "Update")
                .put("time", time);
    }

    private static FieldChange field(Optional<com.fasterxml.jackson.databind.JsonNode> live) {
        return new FieldChange(
                "data[a]", live, Optional.of(new IntNode(1)), false, FieldChange.Origin.DRIFT, Optional.empty());
    }

    private static Change patch(FieldChange... fields) {
        return change(Operation.PATCH, List.of(fields));
    }

    private static Change change(Operation operation, List<FieldChange> fields) {
        return new Change(
                WEB,
                "v1",
                Optional.empty(),
                Optional.of("u-1"),
                Action.APPLY,
                operation,
                fields,
                new Reason(PlanCode.DRIFTED, "", List.of(), Optional.empty()),
                PodImpact.NONE);
    }
}
