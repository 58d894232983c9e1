package dev.trimtab.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Limits;
import dev.trimtab.definition.Problem;
import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.RepoPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemalessTemplatesTest {

    private static final String CART = """
            apiVersion: apps.kruise.io/v1alpha1
            kind: CloneSet
            metadata: {name: cart, namespace: shop}
            spec:
              replicas: 1
              selector: {matchLabels: {app: cart}}
              template:
                metadata: {labels: {app: cart}, creationTimestamp: null}
                spec:
                  containers:
                  - name: cart
                    image: "cart:1"
                    %s
              volumeClaimTemplates:
              - metadata: {name: data}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: %s}}}
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "imagePulPolicy: Always | 13:9 | TPL001 | spec.template.spec.containers.0.imagePulPolicy is no field of Kubernetes; did you mean \"imagePullPolicy\"?",
                "livenessProbe: {tcpSocket: {prot: 80}} | 13:37 | TPL001 | spec.template.spec.containers.0.livenessProbe.tcpSocket.prot is no field of Kubernetes; did you mean \"port\"?",
                "stdin: \"yes\" | 13:16 | TPL002 | spec.template.spec.containers.0.stdin must be true or false, not a string",
                "env: [{name: A, value: 1}] | 13:32 | TPL002 | spec.template.spec.containers.0.env.0.value must be a string, not a number",
                "env: {A: b} | 13:14 | TPL002 | spec.template.spec.containers.0.env must be a list, not a mapping",
                "ports: [{containerPort: \"80\"}] | 13:33 | TPL002 | spec.template.spec.containers.0.ports.0.containerPort must be an integer, not a string",
                "ports: [{containerPort: 8.5}] | 13:33 | TPL002 | spec.template.spec.containers.0.ports.0.containerPort must be an integer, not a number",
                "resources: none | 13:20 | TPL002 | spec.template.spec.containers.0.resources must be a mapping, not a string",
                "readinessProbe: {httpGet: {port: true}} | 13:42 | TPL002 | spec.template.spec.containers.0.readinessProbe.httpGet.port must be an integer or a string, not a boolean",
                "resources: {limits: {memory: 1GB}} | 13:38 | TPL003 | spec.template.spec.containers.0.resources.limits.memory is not a quantity",
            })
    void whatNoServerChecksIsRefusedWithItsPlace(String line, String place, String code, String text) {
        List<Problem> problems = check(CART.formatted(line, "1Gi")).problems();

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0))
                .hasToString("cart.yaml:" + place + ": error: CloneSet cart: " + text + " [" + code + "]");
        assertThat(problems.get(0).fix()).isPresent();
    }

    @Test
    void claimTemplatesAreCheckedToo() {
        List<Problem> problems = check(CART.formatted("stdin: true", "1Gi").replace("accessModes", "accesModes"))
                .problems();

        assertThat(problems)
                .extracting(Problem::text)
                .containsExactly(
                        "CloneSet cart: spec.volumeClaimTemplates.0.spec.accesModes is no field of Kubernetes; did you mean \"accessModes\"?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ports: [{containerPort: 80, name: http, protocol: TCP}]",
                "livenessProbe: {httpGet: {port: http}, periodSeconds: 3}",
                "livenessProbe: {grpc: {port: 80, service: x}}",
                "readinessProbe: {tcpSocket: {port: 80}}",
                "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}]",
                "env: null",
                "resources: {limits: {cpu: 1, memory: 1Gi, nvidia.com/gpu: 1}, claims: [{name: gpu}]}",
                "securityContext: {runAsUser: 4000000000, capabilities: {drop: [ALL]}}",
                "lifecycle: {preStop: {exec: {command: [sleep, \"3\"]}}}",
            })
    void whatKubernetesKnowsPasses(String line) {
        assertThat(check(CART.formatted(line, "1Gi")).problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"StatefulSet", "DaemonSet", "BroadcastJob"})
    void otherWorkloadsOfOpenKruiseAreCheckedAlike(String kind) {
        assertThat(check(CART.formatted("imagePulPolicy: Always", "1Gi").replace("CloneSet", kind))
                        .problems())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "UnitedDeployment, cloneSetTemplate",
        "UnitedDeployment, deploymentTemplate",
        "AdvancedCronJob, broadcastJobTemplate",
    })
    void templatesWithinTemplatesAreCheckedToo(String kind, String template) {
        Definition definition = check("{apiVersion: apps.kruise.io/v1alpha1, kind: " + kind
                + ", metadata: {name: a}, spec: {template: {" + template
                + ": {spec: {template: {spec: {containerz: []}}}}}}}\n");

        assertThat(definition.problems())
                .extracting(Problem::text)
                .containsExactly(kind + " a: spec.template." + template
                        + ".spec.template.spec.containerz is no field of Kubernetes; did you mean \"containers\"?");
    }

    @Test
    void otherKindsAreLeftToTheServer() {
        String rollout = CART.formatted("imagePulPolicy: Always", "1Gi").replace("apps.kruise.io", "argoproj.io");

        assertThat(check(rollout).problems()).isEmpty();
    }

    @Test
    void spellingOfAQuantityMakesNoOtherObject() {
        Desired one = Written.desired(
                1, CART.formatted("resources: {limits: {cpu: 1000m, memory: 1024Mi}, requests: {cpu: 0.5}}", "1024Mi"));
        Desired other = Written.desired(
                1, CART.formatted("resources: {limits: {cpu: \"1\", memory: 1Gi}, requests: {cpu: 500m}}", "1Gi"));

        DesiredObject object = one.objects().values().iterator().next();
        assertThat(object.digest())
                .isEqualTo(other.objects().values().iterator().next().digest());
        JsonNode resources = object.json().at("/spec/template/spec/containers/0/resources");
        assertThat(resources).isEqualTo(Written.object("{limits: {cpu: '1', memory: 1Gi}, requests: {cpu: 500m}}"));
        assertThat(object.json()
                        .at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage")
                        .asText())
                .isEqualTo("1Gi");
    }

    @Test
    void onlyQuantitiesAreRewritten() {
        Desired desired = Written.desired(1, CART.formatted("env: [{name: A, value: 1000m}]", "1Gi"));

        assertThat(desired.objects()
                        .values()
                        .iterator()
                        .next()
                        .json()
                        .at("/spec/template/spec/containers/0/env/0/value")
                        .asText())
                .isEqualTo("1000m");
    }

    private Definition check(String yaml) {
        try {
            Files.writeString(folder.resolve("cart.yaml"), yaml);
            return new Renderer()
                    .check(new Definitions(Limits.DEFAULT)
                            .read(new DirectoryTree(folder, Clock.systemUTC()), RepoPath.ROOT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
