package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** Spec and status are written through different doors, and only one of them moves the generation. */
@Conformance
final class StatusSubresourceTest {

    private static final String INGRESSES = "/apis/networking.k8s.io/v1/namespaces/{ns}/ingresses";

    private final Api api;

    StatusSubresourceTest(Api api) {
        this.api = api;
    }

    /** A kind with generation and status that no controller of a bare control plane touches. */
    private Answer create(String name) {
        return api.apply(INGRESSES + "/" + name, "ours", """
                        apiVersion: networking.k8s.io/v1
                        kind: Ingress
                        metadata: {name: %s}
                        spec: {defaultBackend: {service: {name: a, port: {number: 80}}}}
                        """.formatted(name)).ok();
    }

    private static final String STATUS = "{status: {loadBalancer: {ingress: [{ip: 10.1.2.3}]}}}";

    @Test
    void theMainResourceIgnoresStatus() {
        create("main");
        Answer answer = api.merge(INGRESSES + "/main", STATUS).ok();

        assertThat(answer.at("/status/loadBalancer").isEmpty()).isTrue();
        assertThat(answer.generation()).isEqualTo(1);
    }

    @Test
    void theStatusSubresourceIgnoresSpecAndKeepsTheGeneration() {
        ObjectNode update = create("status").json();
        update.withObject("spec").remove("defaultBackend");
        update.withObject("spec").withArray("rules").addObject().put("host", "b.example.com");
        update.setAll((ObjectNode) Api.tree(STATUS));
        Answer answer = api.put(INGRESSES + "/status/status?fieldManager=controller", update)
                .ok();

        assertThat(answer.text("/spec/defaultBackend/service/name")).isEqualTo("a");
        assertThat(answer.text("/status/loadBalancer/ingress/0/ip")).isEqualTo("10.1.2.3");
        assertThat(answer.generation()).isEqualTo(1);
        assertThat(Long.parseLong(answer.resourceVersion()))
                .isGreaterThan(update.at("/metadata/resourceVersion").asLong());
        assertThat(answer.ownership().managers()).containsExactly("controller/Update/status", "ours/Apply");
    }

    @Test
    void anAppliedStatusIsNotOwnedThroughTheMainResource() {
        String body = """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: owned}
                spec: {defaultBackend: {service: {name: a, port: {number: 80}}}}
                status: {loadBalancer: {ingress: [{ip: 10.1.2.3}]}}
                """;
        Answer answer = api.apply(INGRESSES + "/owned", "ours", body).ok();

        assertThat(answer.ownership().applied("ours")).noneMatch(field -> field.startsWith(".status"));
    }

    @Test
    void statusCanBeApplied() {
        create("applied");
        Answer answer =
                api.apply(INGRESSES + "/applied/status", "controller", """
                        apiVersion: networking.k8s.io/v1
                        kind: Ingress
                        metadata: {name: applied}
                        status: {loadBalancer: {ingress: [{ip: 10.1.2.3}]}}
                        """).ok();

        assertThat(answer.text("/status/loadBalancer/ingress/0/ip")).isEqualTo("10.1.2.3");
        assertThat(answer.ownership().managers()).containsExactly("controller/Apply/status", "ours/Apply");
    }
}
