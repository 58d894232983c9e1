package dev.trimtab.sandbox.merge;

import static dev.trimtab.sandbox.merge.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedTest {

    @ParameterizedTest
    @CsvSource({
        "1000m, 1",
        "1, 1",
        "0.5, 500m",
        ".5, 500m",
        "1500m, 1500m",
        "1024Mi, 1Gi",
        "1.5Gi, 1536Mi",
        "0.5Gi, 512Mi",
        "1000, 1k",
        "100000, 100k",
        "128974848, 128974848",
        "129M, 129M",
        "1e3, 1e3",
        "12e6, 12e6",
        "0.1Ki, 102400m",
        "0, 0",
        "0Gi, 0",
        "-1500m, -1500m",
        "+5, 5",
        "1Ki, 1Ki",
        "512Ki, 512Ki",
        "2000Ki, 2000Ki",
        "1E, 1E",
        "1000E, 1000E",
        "0.0000000001, 1n",
        "1023, 1023",
        "1.0, 1",
    })
    void quantityIsCanonical(String text, String canonical) {
        assertThat(Quantity.canonical(text)).contains(canonical);
        assertThat(Quantity.canonical(canonical)).as("again").contains(canonical);
    }

    @ParameterizedTest
    @CsvSource({"''", "1 Gi", "Gi", "1Zi", "--1", "1..2", "abc"})
    void notAQuantity(String text) {
        assertThat(Quantity.canonical(text)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    unknown field               | {spec: {foo: 1}}                              | spec.foo | unknown field "spec.foo"
                    unknown field in a list     | {spec: {containers: [{name: 'a'}, {imag: 1}]}} | spec.containers[1].imag | unknown field "spec.containers[1].imag"
                    string for a number         | {spec: {priority: 'x'}}                       | spec.priority | json: cannot unmarshal string into Go struct field PodSpec.spec.priority of type int32
                    number for a string         | {spec: {containers: [{image: 1}]}}            | spec.containers[0].image | json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string
                    fraction for a whole number | {spec: {priority: 1.5}}                       | spec.priority | json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.priority of type int32
                    string for a boolean        | {spec: {hostNetwork: 'yes'}}                  | spec.hostNetwork | json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool
                    object for a list           | {spec: {containers: {}}}                      | spec.containers | json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container
                    list for a map              | {metadata: {labels: []}}                      | metadata.labels | json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string
                    number in labels            | {metadata: {labels: {a: 1}}}                  | metadata.labels.a | json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string
                    not a quantity              | {spec: {containers: [{resources: {limits: {cpu: 'lots'}}}]}} | spec.containers[0].resources.limits.cpu | quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
                    not a time                  | {metadata: {deletionTimestamp: 'soon'}}       | metadata.deletionTimestamp | parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"
                    """)
    void strictDecoderSays(String rule, String pod, String path, String message) {
        assertThat(Typed.validate(Json.type("v1", "Pod"), json(pod)))
                .as(rule)
                .extracting(FieldError::path, FieldError::message)
                .containsExactly(tuple(path, message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    aGVsbG8=   | -1
                    aGVs       | -1
                    aGVsbG8    | 7
                    hunter2!   | 7
                    a===       | 1
                    """)
    void secretDataIsBase64(String text, int wrongAt) {
        var errors = Typed.validate(
                Json.type("v1", "Secret"),
                json("{data: {}}").set("data", json("{}").put("k", text)));
        if (wrongAt < 0) {
            assertThat(errors).isEmpty();
        } else {
            assertThat(errors)
                    .extracting(FieldError::message)
                    .containsExactly("illegal base64 data at input byte " + wrongAt);
        }
    }

    @Test
    void quantityPortAndNullFitAsTheyCome() {
        assertThat(
                        Typed.validate(
                                Json.type("v1", "Pod"),
                                json(
                                        "{spec: {nodeName: null, containers: [{resources: {limits: {cpu: 1, memory: '1Gi'}},"
                                                + " livenessProbe: {httpGet: {port: 'http'}}, readinessProbe: {tcpSocket: {port: 80}}}]}}")))
                .isEmpty();
    }

    @Test
    void pruningDropsOnlyUnknownFields() {
        assertThat(Typed.prune(
                        Json.type("v1", "Pod"),
                        json("{spec: {foo: 1, hostNetwork: false, containers: [{name: 'a', imag: 'x'}]}, x: {}}")))
                .isEqualTo(json("{spec: {hostNetwork: false, containers: [{name: 'a'}]}}"));
    }

    @Test
    void canonicalDeploymentLooksAsATypedServerWritesIt() {
        assertThat(Typed.canonical(Json.type("apps/v1", "Deployment"), json("""
                                {spec: {replicas: 0, paused: false, foo: 1, template: {metadata: {labels: {}},
                                  spec: {nodeSelector: null, terminationGracePeriodSeconds: 0, containers: [{name: 'c', args: [],
                                    env: [{name: 'A', value: ''}], resources: {limits: {cpu: '1000m'}},
                                    livenessProbe: {}}]}}}, kind: 'Deployment', apiVersion: 'apps/v1'}
                                """)))
                .isEqualTo(json("""
                        {kind: 'Deployment', apiVersion: 'apps/v1', metadata: {}, status: {}, spec: {replicas: 0, strategy: {},
                          template: {metadata: {}, spec: {terminationGracePeriodSeconds: 0, containers: [{name: 'c',
                            env: [{name: 'A'}], resources: {limits: {cpu: '1'}}, livenessProbe: {}}]}}}}
                        """));
    }

    @Test
    void canonicalIsStable() {
        var once = Typed.canonical(
                Json.type("v1", "Service"),
                json("{metadata: {name: 's', annotations: {}}, spec: {ports: [{port: 80, name: ''}]}}"));
        assertThat(Typed.canonical(Json.type("v1", "Service"), once)).isEqualTo(once);
        assertThat(once)
                .isEqualTo(json("{metadata: {name: 's'}, spec: {ports: [{port: 80}]}, status: {loadBalancer: {}}}"));
    }
}
