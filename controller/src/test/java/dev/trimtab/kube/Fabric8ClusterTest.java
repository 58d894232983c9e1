package dev.trimtab.kube;

import static dev.trimtab.kube.Objects.CONFIG_MAP;
import static dev.trimtab.kube.Objects.DEPLOYMENT;
import static dev.trimtab.kube.Objects.json;
import static dev.trimtab.kube.ScriptedServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.Applied;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ScriptedServer.Asked;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Fabric8ClusterTest {

    private static final ObjectNode WEB = json("""
            {apiVersion:'apps/v1',kind:'Deployment',metadata:{name:'web',namespace:'shop',annotations:{}},
             spec:{template:{spec:{containers:[{name:'web',args:[],resources:{limits:{cpu:'1e3'}}}],nodeSelector:{}}}}}""");
    private static final String WEB_PATH = "/apis/apps/v1/namespaces/shop/deployments/web";
    private static final ApplyOptions APPLY = new ApplyOptions("trimtab-shop", true, false);

    @TempDir
    Path directory;

    private final ScriptedServer server = new ScriptedServer();
    private ClusterClient cluster;

    @BeforeEach
    void connect() {
        cluster = server.client(directory, 2);
    }

    @AfterEach
    void close() {
        cluster.close();
        server.close();
    }

    @Test
    void applyIsOnePatchAndNothingElse() {
        server.on("PATCH", WEB_PATH, 200, WEB.toString());

        cluster.apply(DEPLOYMENT, WEB, APPLY);

        assertThat(server.asked()).hasSize(1);
        Asked patch = server.asked().get(0);
        assertThat(patch.method()).isEqualTo("PATCH");
        assertThat(patch.path())
                .startsWith(WEB_PATH + "?")
                .contains("fieldManager=trimtab-shop", "force=true", "fieldValidation=Strict")
                .doesNotContain("dryRun");
        assertThat(patch.header("Content-Type")).contains("application/apply-patch+yaml");
        assertThat(patch.header("Authorization")).contains("Bearer let-me-in");
    }

    @Test
    void treeReachesTheServerAsItIs() {
        server.on("PATCH", WEB_PATH, 200, WEB.toString());

        Applied applied = cluster.apply(DEPLOYMENT, WEB, APPLY);

        assertThat(json(server.asked().get(0).body())).isEqualTo(WEB);
        assertThat(applied.object()).isEqualTo(WEB);
    }

    @Test
    void dryRunAsksForAllStagesAndSaysWhetherToForce() {
        server.on("PATCH", WEB_PATH, 200, WEB.toString());

        cluster.apply(DEPLOYMENT, WEB, new ApplyOptions("trimtab-shop", false, true));

        assertThat(server.asked().get(0).path()).contains("dryRun=All", "force=false");
    }

    @Test
    void warningsOfTheServerAreHandedOn() {
        server.on(
                "PATCH",
                WEB_PATH,
                answer(200, WEB.toString(), "Warning", "299 - \"old \\\"API\\\"\"", "Warning", "299 - \"and more\""));

        assertThat(cluster.apply(DEPLOYMENT, WEB, APPLY).warnings()).containsExactly("old \"API\"", "and more");
    }

    @Test
    void userErrorDressedAsServerErrorIsSentOnce() {
        server.on(
                "PATCH",
                WEB_PATH,
                500,
                "{\"kind\":\"Status\",\"message\":\"failed to create typed patch object: .spec.x: field not declared\"}");

        ApiException error = catchThrowableOfType(ApiException.class, () -> cluster.apply(DEPLOYMENT, WEB, APPLY));

        assertThat(error.errorClass()).isEqualTo(ErrorClass.INVALID);
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void applyIsRepeatedWhileTheServerIsBusy() {
        server.on("PATCH", WEB_PATH, answer(429, "", "Retry-After", "0"))
                .on("PATCH", WEB_PATH, answer(503, ""))
                .on("PATCH", WEB_PATH, answer(200, WEB.toString()));

        assertThatCode(() -> cluster.apply(DEPLOYMENT, WEB, APPLY)).doesNotThrowAnyException();
        assertThat(server.asked()).hasSize(3);
    }

    @Test
    void longRetryAfterIsLeftToTheCaller() {
        server.on("PATCH", WEB_PATH, answer(429, "", "Retry-After", "77"));

        ApiException error = catchThrowableOfType(ApiException.class, () -> cluster.apply(DEPLOYMENT, WEB, APPLY));

        assertThat(error.errorClass()).isEqualTo(ErrorClass.RETRY);
        assertThat(error.retryAfterSeconds()).contains(77L);
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void createIsNotRepeatedAfterAServerError() {
        server.on("POST", "/api/v1/namespaces/shop/configmaps", 503, "");

        assertThatThrownBy(() -> cluster.create(
                        CONFIG_MAP,
                        json("{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a',namespace:'shop'}}"),
                        "me"))
                .isInstanceOf(ApiException.class);
        assertThat(server.asked()).hasSize(1);
        assertThat(server.asked().get(0).path()).contains("fieldManager=me");
    }

    @Test
    void absentObjectIsEmptyAndAbsentKindIsAnError() {
        server.on(
                "GET",
                "/api/v1/namespaces/shop/configmaps/a",
                404,
                "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"details\":{\"name\":\"a\",\"kind\":\"configmaps\"}}");

        assertThat(cluster.get(CONFIG_MAP, Optional.of("shop"), "a")).isEmpty();
        ApiException error =
                catchThrowableOfType(ApiException.class, () -> cluster.get(DEPLOYMENT, Optional.of("shop"), "web"));
        assertThat(error.errorClass()).isEqualTo(ErrorClass.KIND_MISSING);
    }

    @Test
    void namespacedObjectWithoutNamespaceIsRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> cluster.get(CONFIG_MAP, Optional.empty(), "a"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("set metadata.namespace");
        assertThatThrownBy(() -> cluster.create(CONFIG_MAP, json("{metadata:{name:'a'}}"), "me"))
                .isInstanceOf(ApiException.class);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void listReadsAllPagesAndNamesTheKindOfEachItem() {
        String path = "/api/v1/namespaces/shop/configmaps";
        server.on(
                        "GET",
                        path,
                        200,
                        json("{metadata:{continue:'next one'},items:[{metadata:{name:'a'}}]}")
                                .toString())
                .on(
                        "GET",
                        path,
                        200,
                        json("{metadata:{},items:[{metadata:{name:'b'}}]}").toString());

        List<ObjectNode> items = cluster.list(CONFIG_MAP, Optional.of("shop"), "app in (a,b)");

        assertThat(items)
                .containsExactly(
                        json("{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a'}}"),
                        json("{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'b'}}"));
        assertThat(server.asked())
                .extracting(Asked::path)
                .containsExactly(
                        path + "?labelSelector=app%20in%20%28a%2Cb%29&limit=500",
                        path + "?labelSelector=app%20in%20%28a%2Cb%29&limit=500&continue=next%20one");
    }

    @Test
    void listBeginsAnewWhenItsSnapshotIsGone() {
        String path = "/api/v1/configmaps";
        server.on(
                        "GET",
                        path,
                        200,
                        json("{metadata:{continue:'x'},items:[{metadata:{name:'a'}}]}")
                                .toString())
                .on("GET", path, 410, json("{kind:'Status',reason:'Expired'}").toString())
                .on(
                        "GET",
                        path,
                        200,
                        json("{metadata:{},items:[{metadata:{name:'c'}}]}").toString());

        assertThat(cluster.list(CONFIG_MAP, Optional.empty(), ""))
                .extracting(item -> item.at("/metadata/name").asText())
                .containsExactly("c");
    }

    @Test
    void deleteNamesTheUidAndHowDependentsGo() {
        String path = "/api/v1/namespaces/shop/configmaps/a";
        server.on("DELETE", path, 200, "{}");

        cluster.delete(CONFIG_MAP, Optional.of("shop"), "a", "u-1", Propagation.FOREGROUND);

        assertThat(json(server.asked().get(0).body()))
                .isEqualTo(json("{apiVersion:'v1',kind:'DeleteOptions',propagationPolicy:'Foreground',"
                        + "preconditions:{uid:'u-1'}}"));
    }

    @Test
    void deleteOfWhatIsGoneOrAnotherObjectIsDone() {
        String path = "/api/v1/namespaces/shop/configmaps/a";
        server.on("DELETE", path, 404, "{\"kind\":\"Status\",\"details\":{\"kind\":\"configmaps\"}}")
                .on(
                        "DELETE",
                        path,
                        409,
                        "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"the UID in the precondition (u-1)"
                                + " does not match the UID in record (u-2)\"}")
                .on("DELETE", path, 409, "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"other\"}");

        cluster.delete(CONFIG_MAP, Optional.of("shop"), "a", "u-1", Propagation.BACKGROUND);
        cluster.delete(CONFIG_MAP, Optional.of("shop"), "a", "u-1", Propagation.BACKGROUND);
        assertThatThrownBy(() -> cluster.delete(CONFIG_MAP, Optional.of("shop"), "a", "u-1", Propagation.BACKGROUND))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void patchGoesToTheSubresourceWithItsMediaType() {
        server.on("PATCH", WEB_PATH + "/scale", 200, "{}");

        cluster.patch(
                DEPLOYMENT, Optional.of("shop"), "web", "scale", PatchType.MERGE, json("{spec:{replicas:3}}"), "me");

        assertThat(server.asked().get(0).header("Content-Type")).contains("application/merge-patch+json");
        assertThat(server.asked().get(0).path()).isEqualTo(WEB_PATH + "/scale?fieldManager=me");
    }

    @Test
    void silentServerIsUnreachableWithinTheRetries() {
        server.close();

        assertThatThrownBy(() -> cluster.version())
                .isInstanceOfSatisfying(ApiException.class, error -> {
                    assertThat(error.errorClass()).isEqualTo(ErrorClass.UNREACHABLE);
                    assertThat(error.status()).isZero();
                })
                .hasMessage("read the server's version: " + server.address() + " does not answer: connection refused");
    }

    @Test
    void clusterIsNamedByContextAndAddress() {
        assertThat(cluster.name()).isEqualTo("test");
    }
}
