package dev.trimtab.sandbox.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sandbox.kubectl.Kubectl.Output;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What people do with kubectl, done with the real one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlTest {

    private static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: %s
            data:
              key: %s
            """;

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: %1$s
            spec:
              replicas: 2
              selector:
                matchLabels: {app: %1$s}
              template:
                metadata:
                  labels: {app: %1$s}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: app
                    image: demo/app:1.0
            """;

    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.example.com
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget, shortNames: [wg]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
                additionalPrinterColumns:
                - {name: Size, type: string, jsonPath: .spec.size}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties:
                          size: {type: string, enum: [small, large], default: small}
                          replicas: {type: integer}
                      status:
                        type: object
                        properties:
                          replicas: {type: integer}
            """;

    private Sandbox sandbox;
    private Kubectl kubectl;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        assumeTrue(Kubectl.onPath(), "kubectl is not on the PATH");
        sandbox = Sandbox.builder().build().start();
        kubectl = new Kubectl(directory, sandbox.kubeconfig());
    }

    @AfterAll
    void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private String does(String... arguments) {
        Output output = kubectl.run(arguments);
        assertThat(output.code())
                .as("%s: %s", String.join(" ", arguments), output.text())
                .isZero();
        return output.text();
    }

    private String apply(String manifest, String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = "apply";
        arguments[1] = "-f";
        arguments[2] = "-";
        System.arraycopy(more, 0, arguments, 3, more.length);
        Output output = kubectl.runWith(manifest, arguments);
        assertThat(output.code()).as(output.text()).isZero();
        return output.text();
    }

    @Test
    void applyAndDiffOnTheClientsSide() {
        String manifest = CONFIG_MAP.formatted("client", "one");
        assertThat(apply(manifest)).contains("created");
        assertThat(apply(manifest)).contains("unchanged");
        assertThat(kubectl.runWith(manifest, "diff", "-f", "-").code()).isZero();
        Output diff = kubectl.runWith(CONFIG_MAP.formatted("client", "two"), "diff", "-f", "-");
        assertThat(diff.code()).isEqualTo(1);
        assertThat(diff.text()).contains("-  key: one").contains("+  key: two");
        assertThat(apply(CONFIG_MAP.formatted("client", "two"))).contains("configured");
    }

    @Test
    void applyAndDiffOnTheServersSide() {
        apply(CONFIG_MAP.formatted("server", "one"), "--server-side", "--field-manager=first");
        Output conflict = kubectl.runWith(CONFIG_MAP.formatted("server", "two"), "apply", "--server-side", "-f", "-");
        assertThat(conflict.code()).isNotZero();
        assertThat(conflict.text()).contains("conflict with \"first\": .data.key");
        Output diff = kubectl.runWith(
                CONFIG_MAP.formatted("server", "two"), "diff", "--server-side", "--force-conflicts", "-f", "-");
        assertThat(diff.code()).isEqualTo(1);
        assertThat(diff.text()).contains("+  key: two");
        apply(CONFIG_MAP.formatted("server", "two"), "--server-side", "--force-conflicts");
    }

    @Test
    void unknownFieldsAreRefusedBeforeAnythingIsWritten() {
        Output output =
                kubectl.runWith(DEPLOYMENT.formatted("typo").replace("replicas:", "replica:"), "apply", "-f", "-");
        assertThat(output.code()).isNotZero();
        assertThat(output.text()).contains("strict decoding error: unknown field \"spec.replica\"");
        assertThat(kubectl.run("get", "deployment", "typo").text()).contains("NotFound");
    }

    @Test
    void aDeploymentRollsOutAndBack() {
        apply(DEPLOYMENT.formatted("web"));
        does("rollout", "status", "deployment/web", "--timeout=30s");
        does("set", "image", "deployment/web", "app=demo/app:2.0");
        does("rollout", "status", "deployment/web", "--timeout=30s");
        assertThat(does("rollout", "history", "deployment/web")).contains("2 ");
        does("rollout", "undo", "deployment/web");
        does("rollout", "status", "deployment/web", "--timeout=30s");
        assertThat(does("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}"))
                .isEqualTo("demo/app:1.0");
        does("rollout", "restart", "deployment/web");
        does("rollout", "status", "deployment/web", "--timeout=30s");
        does("scale", "deployment/web", "--replicas=1");
        does("wait", "--for=jsonpath={.status.readyReplicas}=1", "deployment/web", "--timeout=30s");
        does("wait", "--for=condition=Available", "deployment/web", "--timeout=30s");
        assertThat(does("get", "deployment", "web")).containsPattern("web +1/1 +1 +1 ");
        assertThat(does("describe", "deployment", "web"))
                .contains("RollingUpdateStrategy:")
                .contains("NewReplicaSet:");
        assertThat(does("get", "pods", "-l", "app in (web)", "-o", "wide")).contains("READINESS GATES");
        assertThat(does("describe", "pods", "-l", "app=web")).contains("Image:");
        does("delete", "deployment", "web", "--timeout=30s");
        does("wait", "--for=delete", "pod", "-l", "app=web", "--timeout=30s");
    }

    @Test
    void patchesOfAllKinds() {
        apply(CONFIG_MAP.formatted("patched", "one"));
        does("patch", "configmap", "patched", "-p", "{\"data\":{\"a\":\"1\"}}");
        does("patch", "configmap", "patched", "--type=merge", "-p", "{\"data\":{\"b\":\"2\"}}");
        does(
                "patch",
                "configmap",
                "patched",
                "--type=json",
                "-p",
                "[{\"op\":\"add\",\"path\":\"/data/c\",\"value\":\"3\"}]");
        does("label", "configmap", "patched", "x=y");
        does("annotate", "configmap", "patched", "note=text");
        does("label", "configmap", "patched", "x-");
        does("edit", "configmap", "patched");
        assertThat(does("get", "configmap", "patched", "-o", "jsonpath={.data}"))
                .isEqualTo("{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"key\":\"two\"}");
    }

    @Test
    void nodesAreTaintedAndCordoned() {
        does("taint", "node", "node-3", "a=b:NoSchedule");
        does("taint", "node", "node-3", "a-");
        does("cordon", "node-3");
        assertThat(does("get", "nodes")).containsPattern("node-3 +Ready,SchedulingDisabled");
        does("uncordon", "node-3");
        assertThat(does("describe", "node", "node-3")).contains("Allocated resources:");
    }

    @Test
    void thingsAreCreatedWithoutManifests() {
        does("create", "namespace", "made");
        does("create", "configmap", "a", "--from-literal=k=v", "-n", "made");
        does("create", "secret", "generic", "s", "--from-literal=k=v", "-n", "made");
        does("create", "deployment", "d", "--image=demo/app:1.0", "--replicas=1", "--port=80", "-n", "made");
        does("expose", "deployment", "d", "--port=80", "-n", "made");
        does("run", "p", "--image=demo/app:1.0", "-n", "made");
        assertThat(does("get", "all", "-n", "made"))
                .contains("deployment.apps/d")
                .contains("service/d");
        assertThat(does("auth", "can-i", "create", "pods")).contains("yes");
        does("delete", "namespace", "made", "--timeout=60s");
    }

    @Test
    void customResourcesAreServedFromTheMomentTheyAreDefined() {
        apply(DEFINITION);
        does("wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=10s");
        apply(
                "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\"},\"spec\":{\"replicas\":1}}");
        assertThat(does("get", "wg")).containsPattern("NAME +SIZE").containsPattern("w +small");
        does("scale", "widget", "w", "--replicas=4");
        assertThat(does("get", "widget", "w", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("4");
        Output refused = kubectl.run("patch", "wg", "w", "--type=merge", "-p", "{\"spec\":{\"size\":\"huge\"}}");
        assertThat(refused.text()).contains("spec.size: Unsupported value: \"huge\"");
        assertThat(does("explain", "widget.spec")).contains("replicas\t<integer>");
        assertThat(does("describe", "widget", "w")).contains("Size:");
        does("delete", "crd", "widgets.example.com");
        assertThat(kubectl.run("get", "widgets").code()).isNotZero();
    }

    @Test
    void discoveryAndDocumentation() {
        assertThat(does("api-resources")).containsPattern("deployments +deploy +apps/v1 +true +Deployment");
        assertThat(does("api-versions")).contains("apps/v1\n");
        assertThat(does("explain", "deployment.spec.strategy.rollingUpdate")).contains("maxSurge");
        assertThat(does("get", "events", "-A")).isNotNull();
        assertThat(does("version")).contains("Server Version: v1.36");
    }
}
