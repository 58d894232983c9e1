package dev.trimtab.sandbox.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.sandbox.api.http.HttpCaller.Answer;
import org.junit.jupiter.api.Test;

class ProtobufBodyTest extends ServerTest {

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    /** A ConfigMap named a; its bytes are all ASCII. */
    private static final String CONFIG_MAP =
            "k8s\0\n\u000f\n\u0002v1\u0012\tConfigMap\u0012\r\n\u0003\n\u0001a\u0012\u0006\n\u0001k\u0012\u0001v";

    @Test
    void aClientThatAlsoReadsJsonIsAnsweredInJson() {
        Answer answer = http.send("POST", core("configmaps"), PROTOBUF, CONFIG_MAP, PROTOBUF + ",application/json");
        assertThat(answer.code()).isEqualTo(201);
        assertThat(answer.text("/data/k")).isEqualTo("v");
        assertThat(answer.text("/metadata/namespace")).isEqualTo(namespace);
    }

    @Test
    void aClientThatReadsNothingElseIsRefused() {
        Answer answer = http.send("POST", core("configmaps"), PROTOBUF, CONFIG_MAP, PROTOBUF);
        assertThat(answer.code()).isEqualTo(406);
        assertThat(answer.text("/reason")).isEqualTo("NotAcceptable");
        assertThat(http.get(core("configmaps/a")).code()).isEqualTo(404);
    }

    @Test
    void anotherKindThanThePathsIsRefused() {
        Answer answer = http.send("POST", core("secrets"), PROTOBUF, CONFIG_MAP, "application/json");
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.text("/message")).contains("ConfigMap").contains("Secret");
    }

    @Test
    void aBrokenMessageIsRefused() {
        Answer answer = http.send("POST", core("configmaps"), PROTOBUF, CONFIG_MAP + "\n", "application/json");
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.text("/message")).contains("protobuf");
    }

    @Test
    void aPatchInProtobufIsRefused() {
        assertThat(http.send("PATCH", core("configmaps/a"), PROTOBUF, CONFIG_MAP, "application/json")
                        .code())
                .isEqualTo(415);
    }
}
