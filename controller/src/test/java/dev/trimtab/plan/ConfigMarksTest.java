package dev.trimtab.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.inplace.ConfigMark;
import dev.trimtab.inplace.UpdateStrategy.Policy;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.render.Written;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes of ConfigMaps and Secrets are changes of a workload. */
class ConfigMarksTest {

    private static final ObjectKey WEB = Written.key("apps", "Deployment", "shop", "web");

    private static final String OBJECTS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: shop}
            data: {level: "1", other: "1"}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: login, namespace: shop}
            stringData: {password: hunter2}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: files, namespace: shop}
            data: {a.conf: "1"}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop, annotations: {POLICY}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  volumes: [{name: files, configMap: {name: files}}]
                  containers:
                  - {name: app, image: "app:1", CONTAINER}
                  - {name: side, image: "side:1"}
            """;

    private static final String KEY = "env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: level}}}]";

    @ParameterizedTest(name = "{0}: {1} becomes {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: level}}}]   | level: "1"        | level: "2"        | true
            env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: level}}}]   | other: "1"        | other: "2"        | false
            envFrom: [{configMapRef: {name: settings}}]                                    | other: "1"        | other: "2"        | true
            env: [{name: A, valueFrom: {secretKeyRef: {name: login, key: password}}}]      | hunter2           | hunter3           | true
            envFrom: [{secretRef: {name: login}}]                                          | hunter2           | hunter3           | true
            volumeMounts: [{name: files, mountPath: /a.conf, subPath: a.conf}]             | a.conf: "1"       | a.conf: "2"       | true
            volumeMounts: [{name: files, mountPath: /etc/files}]                           | a.conf: "1"       | a.conf: "2"       | false
            envFrom: [{configMapRef: {name: files}}]                                       | level: "1"        | level: "2"        | false
            """)
    void onlyWhatIsReadWhenAContainerStartsCounts(String container, String was, String is, boolean changes) {
        String before = mark(text(container, ""), Policy.IN_PLACE_IF_POSSIBLE);
        String after = mark(text(container, "").replace(was, is), Policy.IN_PLACE_IF_POSSIBLE);

        assertThat(before.equals(after)).isEqualTo(!changes);
    }

    @Test
    void theMarkHoldsNoValueAndNamesContainerAndObject() {
        String mark = mark(text("envFrom: [{secretRef: {name: login}}]", ""), Policy.IN_PLACE_IF_POSSIBLE);

        assertThat(mark).matches("\\{\"app\":\\{\"Secret/login\":\"[0-9a-f]{8}\"}}");
    }

    @Test
    void textAndBase64OfASecretAreTheSame() {
        String read = "envFrom: [{secretRef: {name: login}}]";

        assertThat(mark(text(read, ""), Policy.IN_PLACE_IF_POSSIBLE))
                .isEqualTo(mark(
                        text(read, "").replace("stringData: {password: hunter2}", "data: {password: aHVudGVyMg==}"),
                        Policy.IN_PLACE_IF_POSSIBLE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -                                                                            | IN_PLACE_IF_POSSIBLE | true
            -                                                                            | RECREATE             | false
            trimtab.dev/update-policy: ReCreate                                          | IN_PLACE_IF_POSSIBLE | false
            trimtab.dev/update-policy: InPlaceOnly                                       | RECREATE             | true
            trimtab.dev/config-restart: none                                             | IN_PLACE_IF_POSSIBLE | false
            "trimtab.dev/config-restart: in-place, trimtab.dev/update-policy: ReCreate"  | IN_PLACE_IF_POSSIBLE | true
            """, quoteCharacter = '"')
    void podsThatWouldBeReplacedForItAreMarkedOnlyWhereAsked(String annotations, Policy policy, boolean marked) {
        String mark = mark(text(KEY, annotations.equals("-") ? "" : annotations), policy);

        assertThat(mark.isEmpty()).isEqualTo(!marked);
    }

    @Test
    void whatIsReadIsAppliedFirst() {
        DesiredObject web = web(
                text("envFrom: [{configMapRef: {name: settings, optional: true}}]", ""), Policy.IN_PLACE_IF_POSSIBLE);

        assertThat(web.dependsOn()).contains(Written.key("", "ConfigMap", "shop", "settings"));
    }

    private static String text(String container, String annotations) {
        return OBJECTS.replace("CONTAINER", container).replace("POLICY", annotations);
    }

    private static String mark(String text, Policy policy) {
        return web(text, policy)
                .json()
                .path("spec")
                .path("template")
                .path("metadata")
                .path("annotations")
                .path(ConfigMark.ANNOTATION)
                .asText("");
    }

    private static DesiredObject web(String text, Policy policy) {
        return Objects.requireNonNull(
                ConfigMarks.on(Written.desired(1, text), policy).objects().get(WEB));
    }
}
