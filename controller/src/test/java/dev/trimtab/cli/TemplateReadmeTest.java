package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.bootstrap.Bootstrap;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Field;
import dev.trimtab.definition.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of the template names nothing that is not there, and says the same in both languages. */
class TemplateReadmeTest {

    private static final Path TEMPLATE = Path.of("..", "repo-template");
    private static final String ENGLISH = "README.md";
    private static final String CHINESE = "README.zh-CN.md";

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** Where the fields of a row belong that names one of these files; else to the cluster. */
    private static final Map<String, String> KINDS = Map.of(
            "cluster.yaml", "Cluster",
            "inventory/nodes.yaml", "Inventory",
            "addons/flannel.yaml", "Flannel",
            "addons/kuboard-agent.yaml", "KuboardAgent");

    /** Names of things outside of the folder and of what is rendered. */
    private static final Set<String> FOREIGN =
            Set.of("kubectl", "admin.conf", "mirrors", "config_path", "kubeadm init --config kubeadm-init.yaml");

    /** One line of a table, without its head. */
    private record Row(List<String> cells) {
        Set<String> codes() {
            return cells.stream()
                    .flatMap(cell -> TemplateReadmeTest.codes(cell).stream())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void bothLanguagesHaveTheSameRows() throws IOException {
        List<List<Row>> english = tables(ENGLISH);
        List<List<Row>> chinese = tables(CHINESE);

        assertThat(english).hasSize(4);
        assertThat(chinese).hasSameSizeAs(english);
        for (int table = 0; table < english.size(); table++) {
            assertThat(chinese.get(table).stream().map(Row::codes).toList())
                    .isEqualTo(english.get(table).stream().map(Row::codes).toList());
        }
        assertThat(headings(CHINESE)).hasSameSizeAs(headings(ENGLISH));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {ENGLISH, CHINESE})
    void whatStandsInTheFirstTableIsThere(String page) throws IOException {
        List<Row> paths = tables(page).get(0);

        assertThat(paths).hasSize(5);
        paths.stream()
                .flatMap(row -> row.codes().stream())
                .forEach(path -> assertThat(TEMPLATE.resolve(path)).exists());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {ENGLISH, CHINESE})
    void everyStepOfABuildByHandWentSomewhereThatExists(String page) throws IOException {
        List<List<Row>> tables = tables(page);
        assertThat(tables.get(2)).hasSizeGreaterThan(15);

        for (Row row :
                Stream.of(tables.get(2), tables.get(3)).flatMap(List::stream).toList()) {
            String now = row.cells().get(row.cells().size() - 1);
            String kind = codes(now).stream()
                    .map(KINDS::get)
                    .filter(found -> found != null)
                    .findFirst()
                    .orElse("Cluster");
            for (String code : codes(now)) {
                assertThat(isKnown(code, kind)).as("%s, in: %s", code, now).isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {ENGLISH, CHINESE})
    void everyPathOfTheTextIsThere(String page) throws IOException {
        codes(text(page)).stream()
                .filter(code ->
                        code.matches("[.\\w-]+/([\\w.-]+/?)*") && !code.startsWith("etc/") && !code.startsWith("/"))
                .filter(code -> !isRendered(code))
                .forEach(path -> assertThat(TEMPLATE.resolve(path)).exists());
    }

    private static boolean isKnown(String code, String kind) {
        return FOREIGN.contains(code)
                // Parsed by the test of written commands.
                || code.startsWith("trimtab ")
                || Files.exists(TEMPLATE.resolve(code))
                || isRendered(code)
                || isField(code, kind);
    }

    private static boolean isRendered(String path) {
        return Rendered.PATHS.stream().anyMatch(rendered -> rendered.equals(path) || rendered.endsWith("/" + path));
    }

    private static boolean isField(String path, String kind) {
        Kind named = Kind.all().stream()
                .filter(each -> each.name().equals(kind))
                .findFirst()
                .orElseThrow();
        List<String> paths = new ArrayList<>();
        named.fields().forEach(field -> collect(paths, "", field));
        return paths.stream().anyMatch(field -> field.endsWith("." + path));
    }

    private static void collect(List<String> paths, String prefix, Field field) {
        String path = prefix + "." + field.name();
        paths.add(path);
        field.inner().forEach(child -> collect(paths, path, child));
    }

    private static final class Rendered {
        static final Set<String> PATHS;

        static {
            Definition definition = FolderOptions.read(TEMPLATE, Optional.empty());
            assertThat(definition.refused()).isFalse();
            PATHS = Bootstrap.render(definition).files().keySet();
        }
    }

    private static List<List<Row>> tables(String page) throws IOException {
        List<List<Row>> tables = new ArrayList<>();
        List<String> lines = text(page).lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).startsWith("|---")) {
                List<Row> rows = lines.subList(i + 1, lines.size()).stream()
                        .takeWhile(line -> line.startsWith("|"))
                        .map(line -> new Row(Stream.of(line.split("\\|"))
                                .skip(1)
                                .map(String::strip)
                                .toList()))
                        .toList();
                tables.add(rows);
            }
        }
        return tables;
    }

    private static List<String> headings(String page) throws IOException {
        return text(page).lines().filter(line -> line.startsWith("## ")).toList();
    }

    private static List<String> codes(String text) {
        return CODE.matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1).replace('\n', ' '))
                .toList();
    }

    private static String text(String page) {
        try {
            return Files.readString(TEMPLATE.resolve(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
