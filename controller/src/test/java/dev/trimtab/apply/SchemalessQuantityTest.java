package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.plan.Plan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that knows nothing of a template takes every other spelling for a change; what is sent has one spelling only. */
class SchemalessQuantityTest {

    private static final String CRD = """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: clonesets.apps.kruise.io}
            spec:
              group: apps.kruise.io
              scope: Namespaced
              names: {kind: CloneSet, plural: clonesets}
              versions:
              - name: v1alpha1
                served: true
                storage: true
                subresources: {status: {}}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      status: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """;

    static final String CART = NAMESPACE + CRD + """
            ---
            apiVersion: apps.kruise.io/v1alpha1
            kind: CloneSet
            metadata: {name: cart, namespace: shop}
            spec:
              replicas: 0
              selector: {matchLabels: {app: cart}}
              template:
                metadata: {labels: {app: cart}}
                spec: {containers: [{name: cart, image: "cart:1", resources: {limits: {cpu: 1000m, memory: 1024Mi}}}]}
            """;

    private final SyncRig rig = new SyncRig(false);

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void anotherSpellingOfAQuantityNeitherChangesTheObjectNorItsGeneration() {
        rig.sync(1, CART);
        ObjectNode before = live();

        Plan plan = rig.plan(2, CART.replace("1000m", "1").replace("1024Mi", "1Gi"));
        Outcome outcome = rig.sync(3, CART.replace("1000m", "1.0").replace("1024Mi", "1Gi"));

        assertThat(plan.changes()).isEmpty();
        assertThat(outcome.results()).isEmpty();
        assertThat(live().at("/metadata/generation")).isEqualTo(before.at("/metadata/generation"));
        assertThat(live().at("/metadata/resourceVersion")).isEqualTo(before.at("/metadata/resourceVersion"));
    }

    private ObjectNode live() {
        return rig.live("apps.kruise.io/v1alpha1", "CloneSet", "shop", "cart").orElseThrow();
    }
}
