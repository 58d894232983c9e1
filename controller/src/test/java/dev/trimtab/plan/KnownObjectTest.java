package dev.trimtab.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.render.Written;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an object was, told from the answer to what it will be. */
class KnownObjectTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {a: 1, b: x}                        | {a: 1, b: y}                        | true
                    {a: 1, b: x}                        | {b: x, a: 1}                        | true
                    {a: {b: true}}                      | {a: {b: false}}                     | true
                    {l: [{name: c, image: 'a:1'}]}      | {l: [{name: c, image: 'a:2'}]}      | true
                    {a: 1}                              | {a: 1, b: 2}                        | false
                    {a: 1, b: 2}                        | {a: 1}                              | false
                    {a: 1}                              | {a: {b: 1}}                         | false
                    {a: 1}                              | {a: null}                           | false
                    {l: [x]}                            | {l: [y]}                            | false
                    {l: [{name: c}]}                    | {l: [{name: d}]}                    | false
                    {l: [{name: c}]}                    | {l: [{name: c}, {name: d}]}         | false
                    {l: [{port: 1}]}                    | {l: [{port: 2}]}                    | false
                    {apiVersion: v1, a: 1}              | {apiVersion: v2, a: 1}              | false
                    """)
    void onlyPlainValuesAtTheSamePlaceCount(String was, String now, boolean plain) {
        assertThat(KnownObject.differsInValues(Written.object(was), Written.object(now)))
                .isEqualTo(plain);
    }

    @Test
    void theValuesThatGitChangesAreTakenBackAndTheRestIsTheServers() {
        ObjectNode answer = Written.object("""
                {metadata: {resourceVersion: '7', labels: {tier: new}}, spec: {paused: false, containers: [
                  {name: side, image: 'side:1'}, {name: c, image: 'a:2', pullPolicy: Always}]}}
                """);
        JsonNode was =
                Written.object("{metadata: {labels: {tier: old}}, spec: {containers: [{name: c, image: 'a:1'}]}}");
        JsonNode now =
                Written.object("{metadata: {labels: {tier: new}}, spec: {containers: [{name: c, image: 'a:2'}]}}");

        assertThat(KnownObject.before(answer, was, now)).contains(Written.object("""
                {metadata: {resourceVersion: '7', labels: {tier: old}}, spec: {paused: false, containers: [
                  {name: side, image: 'side:1'}, {name: c, image: 'a:1', pullPolicy: Always}]}}
                """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a quantity that the server writes otherwise | {metadata: {resourceVersion: '7'}, spec: {cpu: '2'}}
                    a field that admission took out             | {metadata: {resourceVersion: '7'}, spec: {}}
                    a value that admission changed              | {metadata: {resourceVersion: '7'}, spec: {cpu: 5m}}
                    an object that is gone                      | {metadata: {uid: x}, spec: {cpu: 2000m}}
                    """)
    void anAnswerInOtherWordsProvesNothing(String why, String answer) {
        assertThat(KnownObject.before(
                        Written.object(answer),
                        Written.object("{spec: {cpu: 1000m}}"),
                        Written.object("{spec: {cpu: 2000m}}")))
                .as(why)
                .isEmpty();
    }
}
