package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kube.CountingProxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred edits by others, of what is ours and of what is not. */
@Timeout(180)
class ManyEditsTest {

    private static final int EDITS = 200;

    @TempDir
    private Path folder;

    private ScenarioRig rig;

    @BeforeEach
    void start() {
        rig = new ScenarioRig(folder);
        for (int i = 0; i < EDITS; i++) {
            rig.with(
                    "c" + i + ".yaml",
                    "{apiVersion: v1, kind: ConfigMap, metadata: {name: c" + i
                            + ", namespace: NAMESPACE}, data: {a: b}}\n");
        }
        rig.settled("");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void everyEditOfAnOwnedFieldIsHealedByOneWriteAndAnAdditionByNone() {
        for (int i = 0; i < EDITS; i++) {
            rig.patch("v1", "ConfigMap", "c" + i, "kubectl-edit", "{data: {a: 'changed'}}");
        }
        rig.patiently("all are healed")
                .until(() -> IntStream.range(0, EDITS)
                        .allMatch(i -> rig.get("v1", "ConfigMap", "c" + i)
                                .at("/data/a")
                                .asText()
                                .equals("b")));
        rig.awaitRest();

        Map<String, Long> writes = rig.writes().stream()
                .filter(write -> write.path().contains("/configmaps/c"))
                .collect(Collectors.groupingBy(CountingProxy.Request::path, Collectors.counting()));
        assertThat(writes)
                .hasSize(EDITS)
                .allSatisfy((path, count) -> assertThat(count).as(path).isEqualTo(1));
        rig.rest();

        for (int i = 0; i < EDITS; i++) {
            rig.patch("v1", "ConfigMap", "c" + i, "kubectl-edit", "{data: {theirs: 'kept'}}");
        }
        rig.awaitRest();
        assertThat(rig.writes()).isEmpty();
        assertThat(rig.get("v1", "ConfigMap", "c7").at("/data/theirs").asText()).isEqualTo("kept");
    }
}
