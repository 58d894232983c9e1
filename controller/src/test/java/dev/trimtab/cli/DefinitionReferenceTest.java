package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Field;
import dev.trimtab.definition.Kind;
import dev.trimtab.definition.Limits;
import dev.trimtab.definition.Problem;
import dev.trimtab.review.DefinitionPage;
import dev.trimtab.review.DefinitionSchema;
import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.RepoPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The schema for editors and the reference page say what the readers say. */
class DefinitionReferenceTest {

    private static final Path TEMPLATE = Path.of("..", "repo-template");
    private static final Path SCHEMA = TEMPLATE.resolve(".schemas/cluster.trimtab.dev-v1alpha1.json");
    private static final Path PAGE = Path.of("..", "docs", "reference", "cluster-definition.md");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    /** Writes the file anew with {@code -Dtrimtab.update=true}. */
    @Test
    void schemaOfTheTemplateIsWhatTheReadersAskFor() throws IOException {
        String schema = JSON.writer(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(DefinitionSchema.of(Kind.all()))
                        .replace("\r\n", "\n")
                + "\n";
        if (Boolean.getBoolean("trimtab.update")) {
            Files.createDirectories(SCHEMA.getParent());
            Files.writeString(SCHEMA, schema);
        }
        assertThat(SCHEMA).hasContent(schema);
    }

    /** Writes the page anew with {@code -Dtrimtab.update=true}. */
    @Test
    void referencePageIsWhatTheReadersAskFor() throws IOException {
        if (Boolean.getBoolean("trimtab.update")) {
            Files.writeString(PAGE, DefinitionPage.of(Kind.all()));
        }
        assertThat(PAGE).hasContent(DefinitionPage.of(Kind.all()));
    }

    static Stream<Path> templateFiles() throws IOException {
        try (Stream<Path> files = Files.walk(TEMPLATE)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> StreamSupport.stream(file.spliterator(), false)
                            .skip(2)
                            .noneMatch(part -> part.toString().startsWith(".")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("templateFiles")
    void schemaAcceptsTheTemplate(Path file) throws IOException {
        assertThat(documents(Files.readString(file)))
                .isNotEmpty()
                .allSatisfy(document -> assertThat(errors(document)).isEmpty());
    }

    @ParameterizedTest(name = "{0}: {1} instead of {2}")
    @CsvSource({
        "cluster.yaml, podSubnets, podSubnet",
        "cluster.yaml, chrony, crony",
        "cluster.yaml, kind: Cluster, kind: Clustr",
        "cluster.yaml, '  kubernetesVersion: v1.36.4', '  kubernetesVersion: 1.36'",
        "cluster.yaml, port: 6443, port: sixty",
        "cluster.yaml, 'metadata:', 'metadate:'",
        "inventory/nodes.yaml, '[worker]', '[worke]'",
        "inventory/nodes.yaml, port: 22, port: 0",
        "inventory/nodes.yaml, address: 192.168.16.201, adress: 192.168.16.201",
        "addons/flannel.yaml, vxlan, vxlam",
        "addons/kuboard-agent.yaml, endpoint, entpoint",
    })
    void schemaRejectsWhatTheReadersReject(String file, String before, String after) throws IOException {
        String text = Files.readString(TEMPLATE.resolve(file));
        String code = text.lines().filter(line -> !line.strip().startsWith("#")).reduce("", (a, b) -> a + b + "\n");
        assertThat(code).contains(before);
        String broken = code.replaceFirst(Pattern.quote(before), Matcher.quoteReplacement(after));
        assertThat(documents(broken))
                .anySatisfy(document -> assertThat(errors(document)).isNotEmpty());
        Path copy = Files.createDirectories(folder.resolve("copy"));
        Files.writeString(copy.resolve("a.yaml"), broken);
        assertThat(read(copy).problems())
                .extracting(problem -> problem.code().id())
                .contains("CD0" + (after.equals("vxlam") ? "61" : "01"));
    }

    @Test
    void plainManifestsAreNoConcernOfTheSchema() {
        assertThat(errors(documents("{apiVersion: v1, kind: Cluster, spec: 1}").get(0)))
                .isEmpty();
        assertThat(errors(documents("kind: ConfigMap").get(0))).isEmpty();
    }

    @Test
    void everyFieldHasAMeaning() {
        assertThat(Kind.all())
                .extracting(Kind::name)
                .containsExactly("Cluster", "Inventory", "Flannel", "KuboardAgent", "WorkloadSet", "VersionMatrix");
        Kind.all().forEach(kind -> meanings(kind.name(), kind.fields()));
    }

    private static void meanings(String path, List<Field> fields) {
        for (Field field : fields) {
            assertThat(field.meaning()).as(path + "." + field.name()).isNotBlank();
            boolean nested = field.type() == Field.Type.MAPPING || field.type() == Field.Type.MAPPINGS;
            assertThat(field.inner().isEmpty()).as(path + "." + field.name()).isEqualTo(!nested);
            meanings(path + "." + field.name(), field.inner());
        }
    }

    @Test
    void templateIsValidAndEditorsFindItsSchema() throws IOException {
        Definition definition = read(TEMPLATE);
        assertThat(definition.refused()).isFalse();
        assertThat(definition.problems())
                .allMatch(problem -> problem.severity() == Problem.Severity.WARNING)
                .extracting(problem -> problem.code().id())
                .containsOnly("CD077");
        JsonNode settings =
                JSON.readTree(TEMPLATE.resolve(".vscode/settings.json").toFile());
        settings.path("yaml.schemas")
                .fieldNames()
                .forEachRemaining(schema -> assertThat(TEMPLATE.resolve(schema)).exists());
        assertThat(Files.readString(TEMPLATE.resolve(".idea/jsonSchemas.xml")))
                .contains("value=\"" + TEMPLATE.relativize(SCHEMA) + "\"");
    }

    private static Definition read(Path folder) {
        try (DirectoryTree tree = new DirectoryTree(folder, Clock.systemUTC())) {
            return new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT);
        }
    }

    private static List<JsonNode> documents(String yaml) {
        return StreamSupport.stream(
                        new Yaml(new SafeConstructor(new LoaderOptions()))
                                .loadAll(yaml)
                                .spliterator(),
                        false)
                .map(JSON::<JsonNode>valueToTree)
                .toList();
    }

    private static List<Error> errors(JsonNode document) {
        try {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(JSON.writeValueAsString(DefinitionSchema.of(Kind.all())));
            return schema.validate(document);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
