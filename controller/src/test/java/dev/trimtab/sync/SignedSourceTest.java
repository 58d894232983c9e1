package dev.trimtab.sync;

import static dev.trimtab.sync.SyncWorld.configMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.source.SshTestKey;
import dev.trimtab.source.TestSigner;
import dev.trimtab.source.Verification.Scope;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.ClusterSync.VerifySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nobody trusted signed does not reach the cluster, and what was applied before stays in force. */
@Timeout(60)
class SignedSourceTest {

    private final TestSigner ann = SshTestKey.of("ann@example.org");

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
    void aCommitThatIsNotSignedIsToldAndDriftFromTheLastGoodOneIsHealed() throws IOException {
        world.verify = Optional.of(fromFile(Scope.HEAD));
        world.repository.signedBy(Optional.of(ann)).commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        world.awaitData("a", "1");
        assertThat(world.last(SyncEvent.RevisionFound.class).revision().verifiedBy())
                .hasValueSatisfying(signer -> assertThat(signer.identity()).isEqualTo("ann@example.org"));

        world.repository
                .signedBy(Optional.empty())
                .with("shop/a.yaml", configMap("a", "2"))
                .commit("second");

        assertThat(world.await(SyncEvent.SourceFailed.class, 1).text()).contains("is not signed");
        world.edit("a", "by hand");
        world.awaitData("a", "1");
    }

    @Test
    void aNewProcessThatFindsAnUnsignedHeadHealsWhatWasAppliedBefore() throws IOException {
        world.verify = Optional.of(fromFile(Scope.HEAD));
        world.repository.signedBy(Optional.of(ann)).commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        world.await(SyncEvent.Settled.class, 1);
        world.stopSyncs();
        world.repository
                .signedBy(Optional.empty())
                .with("shop/a.yaml", configMap("a", "2"))
                .commit("second");
        world.edit("a", "by hand");

        world.sync(Mode.APPLY, Policy.STANDARD);

        world.await(SyncEvent.SourceFailed.class, 1);
        world.awaitData("a", "1");
    }

    @Test
    void whereAllHaveToBeSignedANewProcessBeginsWithWhatTheClusterSaysWasApplied() throws IOException {
        world.verify = Optional.of(fromFile(Scope.ALL));
        world.repository.signedBy(Optional.of(ann)).commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        world.await(SyncEvent.Settled.class, 1);
        world.stopSyncs();
        String unsigned = world.repository
                .signedBy(Optional.empty())
                .with("shop/a.yaml", configMap("a", "2"))
                .commit("second");
        world.repository
                .signedBy(Optional.of(ann))
                .with("shop/a.yaml", configMap("a", "3"))
                .commit("third");

        world.sync(Mode.APPLY, Policy.STANDARD);

        assertThat(world.await(SyncEvent.SourceFailed.class, 1).text())
                .contains(unsigned.substring(0, 7), "is not signed");
        assertThat(world.data("a")).contains("1");
    }

    @Test
    void keysAreTakenFromASecretOfTheCluster() {
        world.verify = Optional.of(new VerifySpec(Scope.HEAD, List.of(), Optional.of("signers")));
        world.repository.signedBy(Optional.of(ann)).commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        assertThat(world.await(SyncEvent.SourceFailed.class, 1).text())
                .contains("Secret trimtab-system/signers", "is not there; create it");
        assertThat(world.find("a")).isEmpty();

        createSecret("signers", "allowed_signers", ann.publicKey().content());

        world.await(SyncEvent.SourceRecovered.class, 1);
        world.awaitData("a", "1");
    }

    private VerifySpec fromFile(Scope scope) throws IOException {
        Path file =
                Files.write(folder.resolve("allowed_signers"), ann.publicKey().content());
        return new VerifySpec(scope, List.of(file), Optional.empty());
    }

    private void createSecret(String name, String key, byte[] content) {
        create("Namespace", "", Inventory.NAMESPACE, JsonNodeFactory.instance.objectNode());
        ObjectNode secret = JsonNodeFactory.instance.objectNode();
        secret.putObject("data").put(key, Base64.getEncoder().encodeToString(content));
        create("Secret", Inventory.NAMESPACE, name, secret);
    }

    private void create(String kind, String namespace, String name, ObjectNode object) {
        object.put("apiVersion", "v1").put("kind", kind);
        object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            object.withObject("/metadata").put("namespace", namespace);
        }
        world.cluster.apply(
                world.cluster.resource("v1", kind).orElseThrow(), object, new ApplyOptions("a-person", true, false));
    }
}
