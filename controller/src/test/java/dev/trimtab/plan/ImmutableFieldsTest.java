package dev.trimtab.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ApiException.Cause;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.render.Written;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImmutableFieldsTest {

    @ParameterizedTest(name = "{1}: {2}: {3} is about {4}")
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "apps/v1 | Deployment | spec.selector | Invalid value: {}: field is immutable | spec.selector",
                "apps/v1 | Deployment | spec.selector | Required value | none",
                "apps/v1 | Deployment | spec.template.spec.containers[0].image | Required value | none",
                "apps/v1 | Deployment | spec.template | field is immutable | none",
                "apps/v1 | StatefulSet | spec | Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden | spec.serviceName",
                "batch/v1 | Job | spec.template | Invalid value: (value withheld): field is immutable | spec.template",
                "batch/v1 | Job | spec.parallelism | Invalid value: -1: must be greater than or equal to 0 | none",
                "v1 | Secret | type | field is immutable | type",
                "v1 | Secret | data | field is immutable | data",
                "v1 | ConfigMap | data | Forbidden: field is immutable when `immutable` is set | data",
                "v1 | Service | spec.clusterIPs[0] | Invalid value: may not change once set | spec.clusterIPs",
                "v1 | PersistentVolumeClaim | spec | Forbidden: spec is immutable after creation | spec",
                "rbac.authorization.k8s.io/v1 | RoleBinding | roleRef | Invalid value: cannot change roleRef | roleRef",
                "storage.k8s.io/v1 | StorageClass | parameters | Forbidden: updates to parameters are forbidden. | parameters",
                "example.com/v1 | Thing | spec.size | field is immutable | none",
            })
    void aFieldHasToBeKnownAndTheServerHasToSaySo(
            String apiVersion, String kind, String field, String message, String immutable) {
        String object = "{apiVersion: " + apiVersion + ", kind: " + kind
                + ", metadata: {name: a}, spec: {serviceName: %s, selector: {a: b}}}";

        List<String> fields = ImmutableFields.of(
                refusal(new Cause(field, "FieldValueInvalid", message)),
                Written.object(object.formatted("one")),
                Written.object(object.formatted("two")));

        assertThat(fields)
                .isEqualTo(Optional.ofNullable(immutable).map(List::of).orElse(List.of()));
    }

    @Test
    void oneMistakeAmongTheCausesMakesItAMistake() {
        ObjectNode object = Written.object("{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}");

        assertThat(ImmutableFields.of(
                        refusal(
                                new Cause("spec.selector", "FieldValueInvalid", "field is immutable"),
                                new Cause("spec.replicas", "FieldValueInvalid", "must be positive")),
                        object,
                        object))
                .isEmpty();
    }

    @Test
    void aRefusalThatNamesNothingIsAMistake() {
        ObjectNode object = Written.object("{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}");

        assertThat(ImmutableFields.of(refusal(), object, object)).isEmpty();
    }

    private static ApiException refusal(Cause... causes) {
        return new ApiException(422, ErrorClass.INVALID, "no", List.of(causes), Optional.empty());
    }
}
