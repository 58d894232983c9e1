package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trimtab.metrics.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What forges run on a pull request to a definition, and what they must not. */
class TemplateCiTest {

    private static final Path TEMPLATE =
            Path.of("..", "repo-template").toAbsolutePath().normalize();
    private static final String GITHUB = ".github/workflows/trimtab.yml";
    private static final String GITEA = ".gitea/workflows/trimtab.yml";
    private static final String GITLAB = ".gitlab-ci.yml";

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {GITHUB, GITEA})
    void aPullRequestIsValidatedAndPlannedWithoutTheRightToWrite(String file) {
        JsonNode workflow = yaml(file);

        // YAML 1.1 reads the key "on" as a boolean.
        assertThat(workflow.path("true").has("pull_request")).isTrue();
        assertThat(workflow.path("true").has("pull_request_target")).isFalse();
        assertThat(workflow.path("jobs").fieldNames()).toIterable().containsExactly("validate", "plan");
        assertThat(runs(workflow, "validate")).anyMatch(run -> run.contains("sh .ci/trimtab validate .\n"));
        assertThat(runs(workflow, "plan")).anyMatch(run -> run.contains("sh .ci/plan"));
        Stream.concat(Stream.of(workflow), jobs(workflow))
                .flatMap(holder -> fields(holder.path("permissions")))
                .forEach(permission -> {
                    if (!permission.getKey().equals("security-events")) {
                        assertThat(permission.getValue().asText())
                                .as(permission.getKey())
                                .isEqualTo("read");
                    }
                });
        assertThat(jobs(workflow)).allMatch(job -> job.has("permissions") || workflow.has("permissions"));
    }

    @Test
    void onlyTheJobThatUploadsProblemsMayDoSo() {
        JsonNode workflow = yaml(GITHUB);

        assertThat(workflow.path("permissions")).isEmpty();
        assertThat(workflow.at("/jobs/validate/permissions/security-events").asText())
                .isEqualTo("write");
        assertThat(workflow.at("/jobs/plan/permissions").fieldNames())
                .toIterable()
                .containsExactly("contents");
        JsonNode upload = steps(workflow, "validate").get(2);
        assertThat(upload.path("uses").asText()).startsWith("github/codeql-action/upload-sarif@");
        assertThat(upload.path("if").asText())
                .contains("!cancelled()", "github.event.pull_request.head.repo.full_name == github.repository");
        assertThat(upload.at("/with/sarif_file").asText()).isEqualTo("${{ runner.temp }}/trimtab.sarif");
        assertThat(runs(workflow, "validate"))
                .anyMatch(run -> run.contains("-o sarif > \"$RUNNER_TEMP/trimtab.sarif\""));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {GITHUB, GITEA})
    void noSecretReachesWhatAForkHasWritten(String file) throws IOException {
        JsonNode workflow = yaml(file);

        List<String> withSecrets = Files.readString(TEMPLATE.resolve(file))
                .lines()
                .filter(line -> line.contains("secrets.TRIMTAB") || line.contains("${{ secrets"))
                .toList();
        assertThat(withSecrets)
                .hasSize(1)
                .allMatch(
                        line -> line.strip()
                                .equals(
                                        "TRIMTAB_KUBECONFIG: ${{ github.event.pull_request.head.repo.full_name == github.repository && secrets.TRIMTAB_KUBECONFIG || '' }}"));
        assertThat(steps(workflow, "plan"))
                .filteredOn(step -> step.at("/env").has("TRIMTAB_KUBECONFIG"))
                .hasSize(1);
    }

    /** An expression in a script is replaced before the shell reads it: the name of a branch could be a command. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {GITHUB, GITEA})
    void noExpressionStandsInAScript(String file) {
        assertThat(jobs(yaml(file)).flatMap(TemplateCiTest::scripts)).noneMatch(run -> run.contains("${{"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {GITHUB, GITEA, GITLAB})
    void whatIsRunIsPinned(String file) throws IOException {
        List<String> pinned = Files.readString(TEMPLATE.resolve(file))
                .lines()
                .map(String::strip)
                .map(line -> line.startsWith("- ") ? line.substring(2) : line)
                .filter(line -> line.matches("(uses|image|container|runs-on): .*"))
                .toList();

        assertThat(pinned)
                .isNotEmpty()
                .allMatch(line -> line.matches("uses: [\\w/-]+@[0-9a-f]{40} # v[0-9.]+")
                        || line.matches("(image|container): docker\\.io/library/[a-z]+:[0-9]+\\.[0-9]+\\.[0-9]+-.*")
                        // Gitea's runners give names of their own to what they offer.
                        || line.equals("runs-on: ubuntu-24.04")
                        || (file.equals(GITEA) && line.equals("runs-on: ubuntu-latest")));
    }

    @Test
    void mergeRequestsOnGitLabAreCheckedAndThoseOfForksNotPlannedHere() {
        JsonNode pipeline = yaml(GITLAB);

        assertThat(pipeline.at("/workflow/rules/0/if").asText())
                .isEqualTo("$CI_PIPELINE_SOURCE == \"merge_request_event\"");
        assertThat(pipeline.at("/validate/script/1").asText()).isEqualTo("sh .ci/trimtab validate .");
        assertThat(pipeline.at("/validate/rules").isMissingNode()).as("always").isTrue();
        assertThat(pipeline.at("/plan/rules")).hasSize(1);
        assertThat(pipeline.at("/plan/rules/0/if").asText())
                .isEqualTo("$CI_PIPELINE_SOURCE == \"merge_request_event\""
                        + " && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID");
        assertThat(pipeline.at("/plan/script/0").asText()).contains("sh .ci/plan");
    }

    @Test
    void shellcheckFindsNothingInWhatIsRun() throws IOException {
        Program shellcheck = Program.orNotRun("shellcheck");
        List<Path> scripts = new ArrayList<>(List.of(TEMPLATE.resolve(".ci/trimtab"), TEMPLATE.resolve(".ci/plan")));
        for (String file : List.of(GITHUB, GITEA)) {
            for (JsonNode job : jobs(yaml(file)).toList()) {
                for (String run : scripts(job).toList()) {
                    scripts.add(script(run));
                }
            }
        }
        for (String job : List.of("validate", "plan")) {
            scripts.add(script(
                    StreamSupport.stream(yaml(GITLAB).path(job).path("script").spliterator(), false)
                            .map(JsonNode::asText)
                            .reduce("", (before, line) -> before + line + "\n")));
        }
        assertThat(scripts).hasSizeGreaterThan(8);

        for (Path script : scripts) {
            Program.Output output = shellcheck.run(folder, "--shell=sh", script.toString());
            assertThat(output.code()).as(output.text()).isZero();
        }
    }

    @Test
    void trimtabIsBuiltFromThePinnedCommitOnce() throws IOException {
        Program git = Program.orNotRun("git");
        Path project = Files.createDirectories(folder.resolve("project"));
        Path program = Files.createDirectories(project.resolve("bin")).resolve("trimtab");
        git.run(project, "init", "-q", ".");
        String first = commit(git, project, program, "#!/bin/sh\necho \"first: $*\"\n");
        commit(git, project, program, "#!/bin/sh\necho \"second: $*\"\n");
        Map<String, String> settings =
                Map.of("TRIMTAB_REPOSITORY", "file://" + project, "TRIMTAB_REF", first, "RUNNER_TEMP", temporary());

        assertThat(run(settings, TEMPLATE, ".ci/trimtab", "validate", "a b").text())
                .isEqualTo("first: validate a b\n");
        Files.move(project, folder.resolve("gone"));
        assertThat(run(settings, TEMPLATE, ".ci/trimtab", "plan").text())
                .as("nothing is fetched a second time")
                .isEqualTo("first: plan\n");
    }

    @Test
    void withoutAPinNothingIsRun() {
        Program.Output output =
                run(Map.of("TRIMTAB_REPOSITORY", "x", "TRIMTAB_REF", ""), TEMPLATE, ".ci/trimtab", "plan");

        assertThat(output.code()).isEqualTo(1);
        assertThat(output.text()).contains("TRIMTAB_REF").contains("into .ci/trimtab");
    }

    @Test
    void aKubeconfigIsGivenToThePlanAsAFileThatOnlyItsOwnerReads() throws IOException {
        Path definition = definitionWith("""
                printf '%s ' "$@"
                echo
                for last; do :; done
                while [ "$1" != --kubeconfig ]; do shift; done
                stat -c %a "$2"; cat "$2"; echo "secret in the environment: ${TRIMTAB_KUBECONFIG:-none}"
                exit 3
                """);
        Path file = Files.writeString(folder.resolve("given"), "apiVersion: v1\n");

        Program.Output text =
                run(Map.of("TRIMTAB_KUBECONFIG", "kind: Config", "TRIMTAB_SYNC", "shop"), definition, ".ci/plan");
        Program.Output path = run(Map.of("TRIMTAB_KUBECONFIG", file.toString()), definition, ".ci/plan");

        assertThat(text.code()).as("of the plan").isEqualTo(3);
        assertThat(text.text())
                .startsWith("plan . --sync shop --kubeconfig /")
                .contains("--fail-on danger")
                .endsWith("\n600\nkind: Config\nsecret in the environment: none\n");
        assertThat(temporaryFiles()).as("the file is gone").isEmpty();
        assertThat(path.text())
                .contains("--sync demo --kubeconfig " + file + " ")
                .contains("apiVersion: v1\n");
        assertThat(file).exists();
    }

    @Test
    void withoutAKubeconfigEverythingIsRenderedAndNoClusterAsked() throws IOException {
        Path definition = definitionWith("""
                case $1 in
                  render) printf 'kind: Service\\nkind: ConfigMap\\nkind: Service\\n' ;;
                  bootstrap) echo rendered >&2 ;;
                  *) exit 9 ;;
                esac
                """);

        Program.Output output = run(Map.of(), definition, ".ci/plan");

        assertThat(output.code()).isZero();
        assertThat(output.text()).contains("rendered\n", "no plan", "1 ConfigMap", "2 Service");
        assertThat(temporaryFiles()).isEmpty();
    }

    private Path definitionWith(String trimtab) throws IOException {
        Path definition = Files.createDirectories(folder.resolve("definition"));
        Path ci = Files.createDirectories(definition.resolve(".ci"));
        Files.copy(TEMPLATE.resolve(".ci/plan"), ci.resolve("plan"));
        Files.writeString(ci.resolve("trimtab"), trimtab);
        return definition;
    }

    private static String commit(Program git, Path project, Path program, String text) throws IOException {
        Files.writeString(program, text);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        git.run(project, "add", "bin");
        Program.Output done = git.run(
                project, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-q", "-m", "a commit");
        assertThat(done.code()).as(done.text()).isZero();
        return git.run(project, "rev-parse", "HEAD").text().strip();
    }

    private Program.Output run(Map<String, String> environment, Path definition, String script, String... arguments) {
        List<String> words = new ArrayList<>(List.of("TMPDIR=" + temporary()));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(List.of("sh", "-c", "cd \"$0\" && exec sh \"$@\"", definition.toString(), script));
        words.addAll(List.of(arguments));
        return Program.orNotRun("env").run(folder, words.toArray(String[]::new));
    }

    private String temporary() {
        try {
            return Files.createDirectories(folder.resolve("temporary")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(temporary()))) {
            return files.toList();
        }
    }

    private Path script(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "step", ".sh"), text);
    }

    private static Stream<JsonNode> jobs(JsonNode workflow) {
        return StreamSupport.stream(workflow.path("jobs").spliterator(), false);
    }

    private static Stream<Map.Entry<String, JsonNode>> fields(JsonNode object) {
        return object.properties().stream();
    }

    private static List<JsonNode> steps(JsonNode workflow, String job) {
        return StreamSupport.stream(
                        workflow.path("jobs").path(job).path("steps").spliterator(), false)
                .toList();
    }

    private static List<String> runs(JsonNode workflow, String job) {
        return scripts(workflow.path("jobs").path(job)).toList();
    }

    private static Stream<String> scripts(JsonNode job) {
        return StreamSupport.stream(job.path("steps").spliterator(), false)
                .filter(step -> step.has("run"))
                .map(step -> step.path("run").asText() + "\n");
    }

    private static JsonNode yaml(String file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            Object document = new Yaml(new SafeConstructor(options)).load(Files.readString(TEMPLATE.resolve(file)));
            return new ObjectMapper().valueToTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
