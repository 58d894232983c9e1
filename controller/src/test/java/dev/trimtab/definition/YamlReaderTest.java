package dev.trimtab.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.source.RepoPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

class YamlReaderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RepoPath FILE = new RepoPath("a.yaml");

    private final Problems problems = new Problems();

    static Stream<Arguments> scalars() throws IOException {
        return table("scalars.tsv");
    }

    static Stream<Arguments> documents() throws IOException {
        return table("documents.tsv");
    }

    private static Stream<Arguments> table(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(YamlReaderTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("# "))
                            .map(line -> line.split("\t"))
                            .map(cells -> arguments(cells[0], cells[1]))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scalars")
    void plainScalarIsReadAsKubectlReadsIt(String text, String expected) throws IOException {
        expect("v: " + text + "\n", "error".equals(expected) ? expected : "{\"v\": " + expected + "}");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void documentIsReadAsKubectlReadsIt(String yaml, String expected) throws IOException {
        expect(JSON.readValue(yaml, String.class) + "\n", expected);
    }

    private void expect(String yaml, String expected) throws IOException {
        List<Written> documents = read(yaml);
        if (expected.equals("error")) {
            assertThat(problems.inOrder()).hasSize(1);
            return;
        }
        assertThat(problems.inOrder()).isEmpty();
        assertThat(documents).hasSize(1);
        assertThat(documents.get(0).json()).isEqualTo(whole(JSON.readTree(expected)));
    }

    /** kubectl prints whole numbers beyond 64 bits without an exponent; only their value counts. */
    private static JsonNode whole(JsonNode expected) {
        if (expected.isObject()) {
            ((ObjectNode) expected).properties().forEach(field -> field.setValue(whole(field.getValue())));
        }
        return expected.isBigInteger() ? JSON.getNodeFactory().numberNode(expected.doubleValue()) : expected;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"0644\"", "'yes'", "\"~\"", "'1e3'", "\"\"", "|-\n  42", ">-\n  true"})
    void quotedAndBlockScalarsAreAlwaysText(String scalar) {
        assertThat(read("v: " + scalar + "\n").get(0).json().path("v").isTextual())
                .isTrue();
    }

    @Test
    void duplicateKeysAreRefusedAlsoWhenTheyAreEqualOnlyAsText() {
        read("v: {\"1\": a, 1: b}\nw: 1\nw: 2\n");
        assertThat(problems.inOrder())
                .extracting(Problem::toString)
                .containsExactly(
                        "a.yaml:1:13: error: key \"1\" is written twice; the first is in line 1 [YML002]",
                        "a.yaml:3:1: error: key \"w\" is written twice; the first is in line 2 [YML002]");
    }

    @Test
    void keyBeforeTheMergeThatHoldsItIsRefusedBecauseReadersDisagree() {
        read("base: &base {a: 1}\nv:\n  a: 0\n  <<: *base\n");
        assertThat(problems.inOrder()).hasSize(1);
        assertThat(problems.inOrder().get(0).toString()).startsWith("a.yaml:4:3: error: key \"a\" in line 3 ");
        assertThat(problems.inOrder().get(0).code()).isEqualTo(DefinitionCode.YML002);
    }

    @Test
    void keyAfterTheMergeWins() throws IOException {
        expect("v: {<<: {a: 1, b: 1}, a: 0}\n", "{\"v\": {\"a\": 0, \"b\": 1}}");
    }

    @Test
    void binaryThatIsNoTextIsRefused() {
        read("v: !!binary /w==\n");
        assertThat(problems.inOrder()).extracting(Problem::code).containsExactly(DefinitionCode.YML008);
    }

    @Test
    void documentsWithoutContentAreSkippedAndOthersKeepTheirPlaces() {
        List<Written> documents = read("---\n# nothing\n---\na: 1\n---\n---\n\n  \nb: 2\n...\n---\n");
        assertThat(documents).extracting(Written::line).containsExactly(4, 9);
        assertThat(problems.inOrder()).isEmpty();
    }

    @Test
    void windowsLineEndsChangeNothing() throws IOException {
        expect("v:\r\n  - a\r\n  - |\r\n    b\r\n", "{\"v\": [\"a\", \"b\\n\"]}");
    }

    @Test
    void eachValueHasItsPlaceAndEachKeyToo() {
        Written document = read("spec:\n  a/b~c: [x, {z: 1}]\n  \"d\": e\n").get(0);
        Positions positions = new Positions(FILE, document.json(), document.marks());
        assertThat(positions.document()).hasToString("a.yaml:1:1");
        assertThat(positions.at("/spec")).hasToString("a.yaml:2:3");
        assertThat(positions.keyAt("/spec")).hasToString("a.yaml:1:1");
        assertThat(positions.at("/spec/a~1b~0c")).hasToString("a.yaml:2:10");
        assertThat(positions.at("/spec/a~1b~0c/1/z")).hasToString("a.yaml:2:18");
        assertThat(positions.at("/spec/d")).hasToString("a.yaml:3:8");
        assertThat(positions.keyAt("/spec/d")).hasToString("a.yaml:3:3");
        assertThat(positions.at("/spec/d/nothing")).hasToString("a.yaml:3:8");
        assertThat(positions.at("/nothing/there")).hasToString("a.yaml:1:1");
    }

    @Test
    void valuesBehindAnAliasStandWhereTheyWereWritten() {
        Written document = read("a: &x\n  b: 1\nc: *x\n").get(0);
        Positions positions = new Positions(FILE, document.json(), document.marks());
        assertThat(positions.at("/c/b")).hasToString("a.yaml:2:6");
        assertThat(positions.keyAt("/c")).hasToString("a.yaml:3:1");
    }

    @ParameterizedTest
    @MethodSource("broken")
    void fileThatCannotBeReadIsToldWithItsPlace(String yaml, String place, DefinitionCode code) {
        read(yaml);
        assertThat(problems.inOrder()).hasSize(1);
        assertThat(problems.inOrder().get(0).toString()).startsWith("a.yaml:" + place + ": error: ");
        assertThat(problems.inOrder().get(0).code()).isEqualTo(code);
    }

    static Stream<Arguments> broken() {
        String nested = "[".repeat(101) + "]".repeat(101);
        StringBuilder aliases = new StringBuilder("a: &a [1]\nb:\n");
        aliases.append("- *a\n".repeat(51));
        StringBuilder laughs = new StringBuilder("a: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i <= 6; i++) {
            laughs.append("b%d: &a%d [".formatted(i, i))
                    .append(("*a" + (i - 1) + ", ").repeat(8))
                    .append("]\n");
        }
        return Stream.of(
                arguments("a: 1\nb: [1, 2\nc: 3\n", "3:2", DefinitionCode.YML001),
                arguments("a: 1\n\tb: 2\n", "2:1", DefinitionCode.YML001),
                arguments("a:\t1\n", "1:3", DefinitionCode.YML001),
                arguments("a: 'x\n", "2:1", DefinitionCode.YML001),
                arguments("a: 1\n---\nb: %x\n", "3:4", DefinitionCode.YML001),
                arguments("a:\n  b: 1\n c: 2\n", "3:2", DefinitionCode.YML001),
                arguments("a: *nope\n", "1:4", DefinitionCode.YML004),
                arguments("a: &a [*a]\n", "1:8", DefinitionCode.YML004),
                arguments(aliases.toString(), "53:3", DefinitionCode.YML004),
                arguments(laughs.toString(), "7:5", DefinitionCode.YML004),
                arguments("a: " + nested + "\n", "1:103", DefinitionCode.YML005),
                arguments("a: .nan\n", "1:4", DefinitionCode.YML008),
                arguments("? [a]\n: b\n", "1:3", DefinitionCode.YML008));
    }

    @Test
    void parserFaultDoesNotQuoteTheLineItStandsIn() {
        read("stringData:\n  password: \"hunter2\" x\n");
        assertThat(problems.inOrder()).hasSize(1);
        assertThat(problems.inOrder().get(0).text()).doesNotContain("hunter2");
    }

    @Test
    void anyJsonWrittenAsYamlComesBackEqual() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            JsonNode json = JSON.createObjectNode().set("v", random(random, 4));
            DumperOptions options = new DumperOptions();
            options.setDefaultScalarStyle(
                    random.nextBoolean()
                            ? DumperOptions.ScalarStyle.DOUBLE_QUOTED
                            : DumperOptions.ScalarStyle.SINGLE_QUOTED);
            options.setDefaultFlowStyle(
                    random.nextBoolean() ? DumperOptions.FlowStyle.FLOW : DumperOptions.FlowStyle.BLOCK);
            options.setIndent(2 + random.nextInt(3));
            String yaml = new Yaml(options).dump(JSON.convertValue(json, Map.class));
            String told = "seed " + seed + ", document " + i + ":\n" + yaml;
            List<Written> documents = YamlReader.read(FILE, yaml, Limits.DEFAULT, problems);
            assertThat(problems.inOrder()).as(told).isEmpty();
            assertThat(documents).as(told).hasSize(1);
            assertThat(documents.get(0).json()).as(told).isEqualTo(json);
        }
    }

    private static JsonNode random(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> JSON.getNodeFactory().numberNode(random.nextInt());
            case 1 -> JSON.getNodeFactory().numberNode(random.nextLong() | 1L << 40);
            case 2 -> JSON.getNodeFactory().numberNode(random.nextDouble() + 0.1);
            case 3 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case 4 -> JSON.nullNode();
            case 5 -> JSON.getNodeFactory().textNode(text(random));
            case 6 -> {
                ArrayNode array = JSON.createArrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(random(random, depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = JSON.createObjectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(text(random), random(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static String text(Random random) {
        List<String> words = new ArrayList<>(List.of(
                "yes",
                "0644",
                "~",
                "",
                " lead",
                "trail ",
                "a: b",
                "- x",
                "# c",
                "'q'",
                "\"d\"",
                "line\nline\n",
                "\ttab",
                "汉字",
                "😀",
                "<<",
                "*a",
                "&a",
                "!t",
                "1e3",
                "22:22",
                "null",
                "key",
                "%",
                "@",
                "`",
                "---",
                "{",
                "[",
                "a\\b"));
        return words.get(random.nextInt(words.size())) + (random.nextInt(3) == 0 ? random.nextInt(100) : "");
    }

    private List<Written> read(String yaml) {
        return YamlReader.read(FILE, yaml, Limits.DEFAULT, problems);
    }
}
