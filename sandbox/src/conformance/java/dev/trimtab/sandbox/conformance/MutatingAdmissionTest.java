package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.sandbox.judge.Part;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What becomes of an apply that admission changes on its way. */
@Conformance
@Needs(Part.MUTATION)
@TestInstance(Lifecycle.PER_CLASS)
final class MutatingAdmissionTest {

    private static final String ADMISSION = "/apis/admissionregistration.k8s.io/v1/";
    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;

    MutatingAdmissionTest(Api api) {
        this.api = api;
    }

    /** Sets a key that is applied to another value, and adds one that nobody applies. */
    @BeforeAll
    void mutate() {
        api.post(ADMISSION + "mutatingadmissionpolicies", """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: MutatingAdmissionPolicy
                        metadata: {name: %1$s}
                        spec:
                          matchConstraints:
                            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                            resourceRules:
                            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}
                          failurePolicy: Fail
                          reinvocationPolicy: Never
                          mutations:
                          - patchType: ApplyConfiguration
                            applyConfiguration:
                              expression: 'Object{data: {"ours": "theirs", "added": "by admission"}}'
                        """.formatted(api.namespace()))
                .ok();
        api.post(ADMISSION + "mutatingadmissionpolicybindings", """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: MutatingAdmissionPolicyBinding
                        metadata: {name: %1$s}
                        spec: {policyName: %1$s}
                        """.formatted(api.namespace()))
                .ok();
        await("the policy is in force")
                .until(() -> apply("probe?dryRun=All").text("/data/added").equals("by admission"));
    }

    @AfterAll
    void stopMutating() {
        api.delete(ADMISSION + "mutatingadmissionpolicybindings/" + api.namespace(), "{}");
        api.delete(ADMISSION + "mutatingadmissionpolicies/" + api.namespace(), "{}");
    }

    private Answer apply(String path) {
        String name = path.replaceAll("\\?.*", "");
        return api.apply(
                        MAPS + "/" + path,
                        "ours",
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: {ours: git}}")
                .ok();
    }

    @Test
    void aValueThatAdmissionChangesStaysOurs() {
        Answer answer = apply("owned");

        assertThat(answer.text("/data/ours")).isEqualTo("theirs");
        assertThat(answer.ownership().applied("ours")).containsExactly(".data.ours");
    }

    @Test
    void whatAdmissionAddsIsNobodys() {
        Answer answer = apply("added");

        assertThat(answer.text("/data/added")).isEqualTo("by admission");
        assertThat(answer.ownership().entries())
                .flatExtracting(Ownership.Entry::fields)
                .doesNotContain(".data.added");
    }

    @Test
    void applyingTheSameAgainKeepsTheResourceVersion() {
        Answer first = apply("again");
        Answer second = apply("again");

        assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
    }
}
