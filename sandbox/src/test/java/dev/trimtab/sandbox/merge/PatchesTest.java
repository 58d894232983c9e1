package dev.trimtab.sandbox.merge;

import static dev.trimtab.sandbox.merge.Json.json;
import static dev.trimtab.sandbox.merge.Json.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.merge.PatchFailed.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON patch (RFC 6902) and JSON merge patch (RFC 7386). */
class PatchesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {a: 1}              | [{op: 'add', path: '/b', value: 2}]                  | {a: 1, b: 2}
                    {a: [1, 3]}         | [{op: 'add', path: '/a/1', value: 2}]                | {a: [1, 2, 3]}
                    {a: [1]}            | [{op: 'add', path: '/a/-', value: 2}]                | {a: [1, 2]}
                    {a: 1}              | [{op: 'add', path: '/a', value: null}]               | {a: null}
                    {a: 1, b: 2}        | [{op: 'remove', path: '/b'}]                         | {a: 1}
                    {a: [1, 2]}         | [{op: 'remove', path: '/a/0'}]                       | {a: [2]}
                    {a: 1}              | [{op: 'replace', path: '/a', value: {b: 1}}]         | {a: {b: 1}}
                    {a: {b: 1}}         | [{op: 'move', from: '/a/b', path: '/c'}]             | {a: {}, c: 1}
                    {a: {b: 1}}         | [{op: 'copy', from: '/a', path: '/c'}]               | {a: {b: 1}, c: {b: 1}}
                    {'a/b': 1, 'c~d': 1}| [{op: 'remove', path: '/a~1b'}, {op: 'remove', path: '/c~0d'}] | {}
                    {a: 1.0}            | [{op: 'test', path: '/a', value: 1}]                 | {a: 1.0}
                    {a: 1}              | [{op: 'test', path: '/b', value: null}]              | {a: 1}
                    {}                  | [{op: 'replace', path: '', value: {a: 1}}]           | {a: 1}
                    """)
    void jsonPatch(String live, String patch, String expected) {
        ObjectNode before = json(live);
        assertThat(JsonPatch.apply(before, value(patch))).isEqualTo(json(expected));
        assertThat(before).as("the live object is not touched").isEqualTo(json(live));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    [{op: 'test', path: '/a', value: 2}]     | INVALID     | testing value /a failed: test failed
                    [{op: 'remove', path: '/x'}]             | INVALID     | error in remove for path: '/x': Unable to remove nonexistent key: x: missing value
                    [{op: 'replace', path: '/x/y', value: 1}] | INVALID    | replace operation does not apply: doc is missing key: /x/y: missing value
                    [{op: 'add', path: '/x/y', value: 1}]    | INVALID     | add operation does not apply: doc is missing path: "/x": missing value
                    [{op: 'add', path: '/l/5', value: 1}]    | INVALID     | Unable to access invalid index: 5: invalid index referenced
                    [{op: 'jump', path: '/a'}]               | INVALID     | Unexpected kind: jump
                    [{op: 'add', path: '/a'}]                | BAD_REQUEST | missing value of operation add
                    [{op: 'remove'}]                         | BAD_REQUEST | operation missing path field
                    {a: 1}                                   | BAD_REQUEST | error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp
                    """)
    void jsonPatchThatCannotBe(String patch, Reason reason, String message) {
        PatchFailed failure =
                catchThrowableOfType(PatchFailed.class, () -> JsonPatch.apply(json("{a: 1, l: []}"), value(patch)));
        assertThat(failure).hasMessage(message);
        assertThat(failure.reason()).isEqualTo(reason);
    }

    /** The examples of RFC 7386, appendix A, that begin and end as objects. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":"b"}             | {"a":"c"}                     | {"a":"c"}
                    {"a":"b"}             | {"b":"c"}                     | {"a":"b","b":"c"}
                    {"a":"b"}             | {"a":null}                    | {}
                    {"a":"b","b":"c"}     | {"a":null}                    | {"b":"c"}
                    {"a":["b"]}           | {"a":"c"}                     | {"a":"c"}
                    {"a":"c"}             | {"a":["b"]}                   | {"a":["b"]}
                    {"a":{"b":"c"}}       | {"a":{"b":"d","c":null}}      | {"a":{"b":"d"}}
                    {"a":[{"b":"c"}]}     | {"a":[1]}                     | {"a":[1]}
                    {"e":null}            | {"a":1}                       | {"e":null,"a":1}
                    {}                    | {"a":{"bb":{"ccc":null}}}     | {"a":{"bb":{}}}
                    """)
    void mergePatch(String live, String patch, String expected) {
        ObjectNode before = json(live);
        assertThat(MergePatch.apply(before, value(patch))).isEqualTo(json(expected));
        assertThat(before).as("the live object is not touched").isEqualTo(json(live));
    }

    @Test
    void mergePatchIsAnObject() {
        assertThat(catchThrowableOfType(PatchFailed.class, () -> MergePatch.apply(json("{}"), value("[1]")))
                        .reason())
                .isEqualTo(Reason.BAD_REQUEST);
    }
}
