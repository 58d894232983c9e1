package dev.trimtab.nodes;

import static dev.trimtab.nodes.Fixture.US;
import static dev.trimtab.nodes.Fixture.declared;
import static dev.trimtab.nodes.Fixture.declaredWith;
import static dev.trimtab.nodes.Fixture.label;
import static dev.trimtab.nodes.Fixture.node;
import static dev.trimtab.nodes.Fixture.owned;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Inventory;
import dev.trimtab.plan.FieldChange;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataDiffTest {

    private static final String WORKER = "node-role.kubernetes.io/worker";

    private final ObjectNode live = owned(
            owned(label(node("n1", 11), WORKER, ""), US, "Apply", "labels", WORKER),
            US,
            "Apply",
            "annotations",
            "trimtab.dev/machine");

    @Test
    void whatIsAsDeclaredNeedsNoWrite() {
        ObjectNode node = node("n1", 11);
        label(label(node, WORKER, ""), "pool", "a");
        ObjectNode entry = owned(node, US, "Apply", "labels", WORKER, "pool");
        ((ObjectNode) entry.at("/metadata/managedFields/0/fieldsV1/f:metadata"))
                .putObject("f:annotations")
                .putObject("f:trimtab.dev/machine");

        assertThat(diff("labels: {pool: a}", entry).isEmpty()).isTrue();
    }

    @Test
    void onlyDeclaredKeysAreApplied() {
        label(label(live, "team", "q"), "zone", "x");

        MetadataDiff diff = diff("labels: {pool: a, zone: b}", live);

        assertThat(diff.fields())
                .extracting(FieldChange::path)
                .containsExactly("metadata.labels[pool]", "metadata.labels[zone]");
        assertThat(diff.applied().at("/metadata/labels").toString())
                .isEqualTo("{\"" + WORKER + "\":\"\",\"pool\":\"a\",\"zone\":\"b\"}");
        assertThat(diff.applied().at("/metadata/uid").asText())
                .as("a node that went must not come back")
                .isEqualTo("uid-n1");
    }

    @Test
    void aKeyThatLeftGitGoesOnlyWhereNobodyElseHoldsIt() {
        label(label(live, "mine", "1"), "shared", "2");
        owned(live, "kubectl-label", "Update", "labels", "shared");
        ((ObjectNode) live.at("/metadata/managedFields/0/fieldsV1/f:metadata/f:labels")).putObject("f:mine");
        ((ObjectNode) live.at("/metadata/managedFields/0/fieldsV1/f:metadata/f:labels")).putObject("f:shared");

        MetadataDiff diff = diff("labels: {}", live);

        assertThat(diff.fields()).extracting(FieldChange::path).containsExactly("metadata.labels[mine]");
        assertThat(diff.notes())
                .anyMatch(note ->
                        note.contains("metadata.labels[shared] left Git and stays") && note.contains("kubectl-label"));
    }

    @ParameterizedTest(name = "{0} of {1} by {2}, {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                // What a kubelet registered with (--node-labels) and Git took over goes when it leaves Git.
                "pool                        | kubelet | Update |                      | true",
                "example.com/pool            | kubelet | Update |                      | true",
                // What a kubelet reports, or what Git tells it to register with, is the kubelet's.
                "topology.kubernetes.io/zone | kubelet | Update |                      | false",
                "node.kubernetes.io/pool     | kubelet | Update |                      | false",
                "kubernetes.io/pool          | kubelet | Update |                      | false",
                "pool                        | kubelet | Update | node-labels: \"pool=a,x=y\" | false",
                // Anybody else's is theirs.
                "pool                        | kubelet | Apply  |                      | false",
                "pool                        | kubectl | Update |                      | false",
            })
    void aLabelThatLeftGitGoesThoughTheKubeletRegisteredItAndNeverFromAnybodyElse(
            String key, String manager, String operation, String flags, boolean goes) {
        label(live, key, "a");
        ((ObjectNode) live.at("/metadata/managedFields/0/fieldsV1/f:metadata/f:labels")).putObject("f:" + key);
        owned(live, manager, operation, "labels", key);
        DeclaredNodes declared = declaredWith(
                flags == null ? "" : "kubelet: {extraArgs: {" + flags + "}}", "name: n1, address: 192.168.0.11");

        MetadataDiff diff = MetadataDiff.of(
                Objects.requireNonNull(declared.nodes().get("n1")),
                new LiveNode(live),
                US,
                declared.registeredLabels());

        assertThat(diff.taken()).isEqualTo(goes ? List.of(key) : List.of());
        assertThat(diff.fields().stream().map(FieldChange::path).toList())
                .isEqualTo(goes ? List.of("metadata.labels[" + key + "]") : List.of());
        assertThat(diff.notes().toString().contains("left Git and stays, because " + manager))
                .isEqualTo(!goes);
        ObjectNode patch = diff.taking(new LiveNode(live));
        assertThat(patch.at("/metadata/labels").has(key)).isEqualTo(goes);
        assertThat(patch.at("/metadata/resourceVersion").asText())
                .as("nobody's write is lost")
                .isEqualTo("7");
    }

    @Test
    void annotationsAreKeptLikeLabels() {
        List<String> paths = diff(
                        "annotations: {flannel.alpha.coreos.com/public-ip-overwrite: 10.0.0.1}", node("n1", 11))
                .fields()
                .stream()
                .map(FieldChange::path)
                .toList();

        assertThat(paths).contains("metadata.annotations[flannel.alpha.coreos.com/public-ip-overwrite]");
    }

    @Test
    void theWorkerRoleIsOursToSetAndTheControlPlanesIsNot() {
        List<String> paths = diff("roles: [control-plane, worker]", node("n1", 11)).fields().stream()
                .map(FieldChange::path)
                .toList();

        assertThat(paths).contains("metadata.labels[" + WORKER + "]");
        assertThat(paths).noneMatch(path -> path.contains("control-plane"));
    }

    private static MetadataDiff diff(String more, ObjectNode node) {
        Inventory.Node declared =
                declared("name: n1, address: 192.168.0.11, " + more).nodes().get("n1");
        return MetadataDiff.of(Objects.requireNonNull(declared), new LiveNode(node), US, Set.of());
    }
}
