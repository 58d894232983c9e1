package dev.trimtab.sync;

import static dev.trimtab.sync.SyncWorld.configMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.IgnoreRules;
import dev.trimtab.render.IgnoreRules.Rule;
import dev.trimtab.sync.ClusterSync.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sync leaves to others what its ignore rules say, for as long as it runs. */
@Timeout(60)
class IgnoringTest {

    private static final IgnoreRules RULES = new IgnoreRules(List.of(
            new Rule("ConfigMap", Optional.of("a"), Optional.of("sh*"), List.of(FieldPointer.parse("/data/value")))));

    @TempDir
    private Path folder;

    private SyncWorld world;

    @BeforeEach
    void start() {
        world = new SyncWorld(folder);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void whatIsIgnoredIsNeitherHealedNorToldNorOverwrittenByACommit() {
        world.repository.with("shop/b.yaml", configMap("b", "1")).commit("first");
        world.ignore(RULES);
        world.sync(Mode.APPLY, Policy.STANDARD);
        world.awaitData("a", "1");
        world.await(SyncEvent.Settled.class, 1);

        world.edit("a", "9");
        world.edit("b", "9");
        world.awaitData("b", "1");
        world.repository
                .with("shop/a.yaml", configMap("a", "2"))
                .with("shop/b.yaml", configMap("b", "2"))
                .commit("second");
        world.awaitData("b", "2");
        world.await(SyncEvent.Settled.class, 2);

        assertThat(world.data("a")).contains("9");
        assertThat(world.of(SyncEvent.DriftFound.class))
                .flatExtracting(SyncEvent.DriftFound::drifts)
                .extracting(drift -> drift.object().name())
                .containsOnly("b");
        assertThat(world.of(SyncEvent.Applied.class).stream()
                        .skip(1)
                        .flatMap(applied -> applied.outcome().results().keySet().stream()))
                .extracting(ObjectKey::name)
                .containsOnly("b");
    }
}
