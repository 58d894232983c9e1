package dev.trimtab.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.sandbox.schema.Schemas;
import dev.trimtab.sandbox.schema.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtobufTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .build();

    private static Type.Struct type(String group, String version, String kind) {
        return Schemas.builtin().type(group, version, kind).orElseThrow();
    }

    private static JsonNode read(String kind, Message object) {
        return Protobuf.read(Message.body("v1", kind, object), type("", "v1", kind));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    @Test
    void bytesOfAConfigMapAreTheObject() throws Exception {
        byte[] body = HexFormat.of()
                .parseHex(""
                        + "6b387300" // prefix
                        + "0a0f" + "0a027631" + "1209436f6e6669674d6170" // v1, ConfigMap
                        + "1212" // the object
                        + "0a08" + "0a0161" + "1200" + "1a0162" // name a, no generateName, namespace b
                        + "1206" + "0a016b" + "120176" // k: v
                        + "1a00" + "2200"); // no encoding, no content type
        assertThat(Protobuf.read(body, type("", "v1", "ConfigMap")))
                .isEqualTo(json("{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a', namespace: 'b'},"
                        + " data: {k: 'v'}}"));
    }

    @Test
    void emptyValuesThatJsonLeavesOutAreLeftOut() throws Exception {
        Message metadata = Message.empty()
                .text(1, "p")
                .text(2, "")
                .text(5, "")
                .number(7, 0)
                .message(8, Message.empty());
        Message spec = Message.empty().text(3, "").number(11, 0).number(21, 0).number(4, 0);
        assertThat(read(
                        "Pod",
                        Message.empty().message(1, metadata).message(2, spec).message(3, Message.empty())))
                .isEqualTo(json("{apiVersion: 'v1', kind: 'Pod', metadata: {name: 'p'}, status: {},"
                        + " spec: {automountServiceAccountToken: false, terminationGracePeriodSeconds: 0}}"));
    }

    @Test
    void messagesThatJsonDoesNotShowAreFlattened() throws Exception {
        Message probe = Message.empty()
                .message(
                        1,
                        Message.empty()
                                .message(
                                        2,
                                        Message.empty()
                                                .text(1, "/live")
                                                .message(
                                                        2,
                                                        Message.empty()
                                                                .number(1, 1)
                                                                .number(2, 0)
                                                                .text(3, "http"))))
                .number(4, 10);
        Message secretKey = Message.empty()
                .message(1, Message.empty().text(1, "credentials"))
                .text(2, "password");
        Message variable = Message.empty()
                .text(1, "P")
                .text(2, "")
                .message(3, Message.empty().message(4, secretKey));
        Message volume = Message.empty()
                .text(1, "config")
                .message(
                        2,
                        Message.empty()
                                .message(
                                        19,
                                        Message.empty()
                                                .message(1, Message.empty().text(1, "settings"))));
        Message container = Message.empty().text(1, "c").message(7, variable).message(10, probe);
        assertThat(read(
                        "Pod",
                        Message.empty()
                                .message(2, Message.empty().message(1, volume).message(2, container))))
                .isEqualTo(json("{apiVersion: 'v1', kind: 'Pod', spec: {"
                        + "volumes: [{name: 'config', configMap: {name: 'settings'}}],"
                        + "containers: [{name: 'c',"
                        + " env: [{name: 'P', valueFrom: {secretKeyRef: {name: 'credentials', key: 'password'}}}],"
                        + " livenessProbe: {httpGet: {path: '/live', port: 'http'}, periodSeconds: 10}}]}}"));
    }

    @Test
    void numbersOfAListMayBePackedOrNot() throws Exception {
        byte[] packed = {1, (byte) 0x80, 1};
        Message context = Message.empty().number(4, 7).run(4, packed).number(5, -1);
        assertThat(read("Pod", Message.empty().message(2, Message.empty().message(14, context)))
                        .at("/spec/securityContext"))
                .isEqualTo(json("{supplementalGroups: [7, 1, 128], fsGroup: -1}"));
    }

    @Test
    void quantitiesAndBytesAndMapEntriesWithoutValue() throws Exception {
        Message requests = Message.empty()
                .message(
                        2,
                        Message.empty()
                                .text(1, "cpu")
                                .message(2, Message.empty().text(1, "100m")))
                .message(2, Message.empty().text(1, "memory"));
        Message container = Message.empty().text(1, "c").message(8, requests);
        assertThat(read("Pod", Message.empty().message(2, Message.empty().message(2, container)))
                        .at("/spec/containers/0/resources"))
                .isEqualTo(json("{requests: {cpu: '100m', memory: '0'}}"));
        Message secret = Message.empty()
                .message(2, Message.empty().text(1, "p").run(2, new byte[] {(byte) 0xff, 0}))
                .message(2, Message.empty().text(1, "q"))
                .text(3, "Opaque");
        assertThat(read("Secret", secret).path("data")).isEqualTo(json("{p: '/wA=', q: ''}"));
    }

    @ParameterizedTest
    @CsvSource({"1700000000, 0, 2023-11-14T22:13:20Z", "1700000000, 1500000, 2023-11-14T22:13:20.001500Z"})
    void timesAreRfc3339(long seconds, long nanos, String expected) {
        Message time = Message.empty().number(1, seconds).number(2, nanos);
        assertThat(read("Pod", Message.empty().message(1, Message.empty().message(8, time)))
                        .at("/metadata/creationTimestamp")
                        .asText())
                .isEqualTo(expected);
    }

    @Test
    void untypedValuesAreJsonInBytes() throws Exception {
        Message data = Message.empty().run(1, "{\"a\":[1]}".getBytes(StandardCharsets.UTF_8));
        byte[] body = Message.body(
                "apps/v1",
                "ControllerRevision",
                Message.empty().message(2, data).number(3, 4));
        assertThat(Protobuf.read(body, type("apps", "v1", "ControllerRevision")))
                .isEqualTo(json("{apiVersion: 'apps/v1', kind: 'ControllerRevision', data: {a: [1]}, revision: 4}"));
    }

    @Test
    void mapsToListsAreUnwrapped() throws Exception {
        Message values = Message.empty().text(1, "x").text(1, "y");
        Message extra = Message.empty().text(1, "scopes").message(2, values);
        byte[] body = Message.body(
                "authorization.k8s.io/v1",
                "SubjectAccessReview",
                Message.empty().message(2, Message.empty().message(5, extra)));
        assertThat(Protobuf.read(body, type("authorization.k8s.io", "v1", "SubjectAccessReview"))
                        .at("/spec/extra"))
                .isEqualTo(json("{scopes: ['x', 'y']}"));
    }

    @Test
    void numbersThatNewerClientsKnowAreSkipped() throws Exception {
        Message object = Message.empty()
                .number(900, 1)
                .fixed64(901, 2)
                .text(902, "x")
                .fixed32(903)
                .entry(2, "k", "v");
        assertThat(read("ConfigMap", object)).isEqualTo(json("{apiVersion: 'v1', kind: 'ConfigMap', data: {k: 'v'}}"));
    }

    @Test
    void onlyBuiltInKindsAreEncoded() throws Exception {
        assertThat(Protobuf.encodes(type("apps", "v1", "Deployment"))).isTrue();
        assertThat(Protobuf.encodes(type("policy", "v1", "Eviction"))).isTrue();
        assertThat(Protobuf.encodes(Schemas.ofCrd(json("{type: 'object', properties: {spec: {type: 'object'}}}"))))
                .isFalse();
    }

    @Test
    void jsonIsNoProtobuf() {
        byte[] body = "{\"kind\": \"ConfigMap\"}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Protobuf.read(body, type("", "v1", "ConfigMap")))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("prefix");
    }

    @Test
    void aValueOfTheWrongWireTypeNamesItsField() {
        assertThatThrownBy(() -> read("ConfigMap", Message.empty().number(1, 5)))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage("field 1 has the wire type 0 instead of 2");
    }

    /** Whatever is cut off or changed, a body is read or refused, and a refusal does not repeat what the body holds. */
    @Test
    void damagedBodiesAreReadOrRefused() {
        Message secret = Message.empty()
                .message(1, Message.empty().text(1, "s").entry(11, "app", "x"))
                .message(2, Message.empty().text(1, "p").text(2, "hunter2"));
        byte[] whole = Message.body("v1", "Secret", secret);
        for (int length = 0; length < whole.length; length++) {
            readOrRefuse(Arrays.copyOf(whole, length));
        }
        long seed = 20_260_401;
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            readOrRefuse(damaged);
        }
    }

    private static void readOrRefuse(byte[] body) {
        try {
            assertThat(Protobuf.read(body, type("", "v1", "Secret"))).isNotNull();
        } catch (MalformedMessage e) {
            assertThat(e).hasMessageNotContaining("hunter2");
        } catch (RuntimeException e) {
            throw new AssertionError(HexFormat.of().formatHex(body), e);
        }
    }
}
