package dev.trimtab.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {

    @ParameterizedTest(name = "\"{0}\" is quoted")
    @ValueSource(
            strings = {
                "",
                "yes",
                "Off",
                "y",
                "N",
                "true",
                "null",
                "~",
                "0644",
                "0o644",
                "0x1F",
                "1e3",
                "22:22",
                "2001-12-14",
                ".5",
                "- a",
                "a: b",
                "a #b",
                "*a",
                "&a",
                "!a",
                "@a",
                " a",
                "a ",
                "1.0"
            })
    void stringsThatReadersTakeForSomethingElseAreQuoted(String value) {
        assertThat(yaml(value)).startsWith("a: \"");
    }

    @ParameterizedTest(name = "\"{0}\" is plain")
    @ValueSource(strings = {"web", "apps/v1", "registry.local/shop/cart:v1", "kube-system"})
    void plainWordsStayPlain(String value) {
        assertThat(yaml(value)).isEqualTo("a: " + value + "\n");
    }

    @Test
    void numbersAndTruthAreNotStrings() {
        ObjectNode tree =
                JsonNodeFactory.instance.objectNode().put("count", 420).put("truth", true);
        assertThat(YamlText.of(tree)).isEqualTo("count: 420\ntruth: true\n");
    }

    @Test
    void linesBecomeABlock() {
        assertThat(yaml("one\ntwo\n")).isEqualTo("a: |\n  one\n  two\n");
    }

    private static String yaml(String value) {
        return YamlText.of(JsonNodeFactory.instance.objectNode().put("a", value));
    }
}
