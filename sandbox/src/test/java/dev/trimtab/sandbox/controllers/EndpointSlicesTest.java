package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndpointSlicesTest {

    private final Cluster cluster = Cluster.start();

    @AfterEach
    void stop() {
        cluster.close();
    }

    private List<ObjectNode> slices() {
        return cluster.api().list("endpointslices.discovery.k8s.io", Cluster.NAMESPACE).stream()
                .filter(slice -> "web".equals(ObjectMeta.labels(slice).get("kubernetes.io/service-name")))
                .toList();
    }

    private boolean readyEndpoints(int number) {
        return slices().size() == 1
                && slices().get(0).path("endpoints").size() == number
                && slices().get(0).path("endpoints").findValues("ready").stream()
                        .allMatch(JsonNode::asBoolean);
    }

    @Test
    void sliceFollowsThePodsOfItsServiceAndEndsWithIt() {
        cluster.create("services", """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  selector: {app: web}
                  ports: [{name: http, port: 80, targetPort: http}]
                """);
        cluster.deployment("web", "nginx", """
                {replicas: 3, template: {metadata: {labels: {app: web}}, spec: {containers:
                  [{name: app, image: nginx, ports: [{name: http, containerPort: 8080}]}]}}}""");
        cluster.await(() -> readyEndpoints(3));
        assertThat(slices().get(0).path("ports").path(0).path("port").asInt()).isEqualTo(8080);

        cluster.patch("deployments.apps", "web", "{spec: {replicas: 1}}");
        cluster.await(() -> readyEndpoints(1));
        assertThat(slices().get(0).path("endpoints").path(0).path("addresses").path(0))
                .isEqualTo(cluster.pods("web").get(0).path("status").path("podIP"));

        cluster.delete("services", "web", Propagation.BACKGROUND);
        cluster.await(() -> slices().isEmpty());
    }
}
