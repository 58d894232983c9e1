package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code trimtab bootstrap render} as a person runs it on the template that people fork. */
class BootstrapCommandTest {

    private static final Path TEMPLATE = Path.of("..", "repo-template");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private int render(Path definition, Path target, String... more) {
        return run(Stream.concat(
                        Stream.of("bootstrap", "render", definition.toString(), "--out", target.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void theTemplateIsRenderedAndASecondTimeNothingIsTouched() throws IOException {
        Path target = folder.resolve("out");

        assertThat(render(TEMPLATE, target)).as(err.toString()).isZero();

        assertThat(out.toString()).containsPattern("wrote \\d+ files to .*out");
        assertThat(target.resolve("bootstrap/kubeadm-init.yaml")).exists();
        assertThat(target.resolve("cluster/flannel.yaml")).exists();
        assertThat(target.resolve("nodes/k8s-node2/etc/containerd/config.toml")).exists();
        assertThat(Files.isExecutable(target.resolve("nodes/k8s-node1/prepare.sh")))
                .isTrue();
        Map<Path, FileTime> before = times(target);

        assertThat(render(TEMPLATE, target)).isZero();

        assertThat(out.toString()).contains("unchanged: ");
        assertThat(times(target)).isEqualTo(before);
    }

    @Test
    void theTaintOfRegistrationIsRenderedOnlyWhereItIsAskedFor() throws IOException {
        Path file = folder.resolve("out/kubeadm-join.yaml.tmpl");

        assertThat(render(TEMPLATE, folder.resolve("out"), "--node", "k8s-node1"))
                .isZero();
        assertThat(file).content().doesNotContain("trimtab.dev/uninitialized");
        assertThat(render(TEMPLATE, folder.resolve("out"), "--node", "k8s-node1", "--registration-taint"))
                .isZero();
        assertThat(file).content().contains("trimtab.dev/uninitialized");
    }

    @Test
    void oneNodeIsItsFolderAlone() {
        Path target = folder.resolve("node1");

        assertThat(render(TEMPLATE, target, "--node", "k8s-node1"))
                .as(err.toString())
                .isZero();

        assertThat(target.resolve("prepare.sh")).exists();
        assertThat(target.resolve("etc/crictl.yaml")).exists();
        assertThat(target.resolve("nodes")).doesNotExist();
    }

    @Test
    void aNodeThatIsNotThereIsNamedWithThoseThatAre() {
        assertThat(render(TEMPLATE, folder.resolve("out"), "--node", "k8s-node9"))
                .isEqualTo(1);

        assertThat(err.toString()).contains("the inventory has no node k8s-node9", "k8s-master, k8s-node1, k8s-node2");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aWrongDefinitionWritesNothing() throws IOException {
        Path definition = copyOfTemplate();
        Path flannel = definition.resolve("addons/flannel.yaml");
        Files.writeString(
                flannel,
                Files.readString(flannel).replace("version: v0.28.9", "version: v0.28.9\n  network: 10.224.0.0/16"));

        assertThat(render(definition, folder.resolve("out"))).isEqualTo(1);

        assertThat(err.toString())
                .contains("CD060", "10.224.0.0/16", "10.244.0.0/16", "addons/flannel.yaml", "nothing is written");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aNodeThatLeftTheInventoryLeavesTheFolder() throws IOException {
        Path definition = copyOfTemplate();
        Path target = folder.resolve("out");
        render(definition, target);
        Path inventory = definition.resolve("inventory/nodes.yaml");
        Files.writeString(
                inventory,
                Files.readString(inventory).replace("labels: {zone: b}", "labels: {zone: b}\n      state: removed"));

        assertThat(render(definition, target)).as(err.toString()).isZero();

        assertThat(target.resolve("nodes/k8s-node1")).exists();
        assertThat(target.resolve("nodes/k8s-node2")).doesNotExist();
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside.map(path -> path.getFileName().toString()))
                    .as("nothing half written is left")
                    .containsExactlyInAnyOrder("out", "definition");
        }
    }

    @Test
    void aFolderWithSomethingElseInItIsNotTouched() throws IOException {
        Path mine = Files.createDirectory(folder.resolve("mine"));
        Files.writeString(mine.resolve("thesis.txt"), "years");

        assertThat(render(TEMPLATE, mine)).isEqualTo(1);
        assertThat(err.toString()).contains("holds files that were not written by this command", "fix: ");

        Path target = folder.resolve("out");
        render(TEMPLATE, target);
        Files.writeString(target.resolve("nodes/k8s-node1/notes.txt"), "mine");
        assertThat(render(copyOfTemplate(), target)).isEqualTo(1);
        assertThat(err.toString()).contains("nodes/k8s-node1/notes.txt");
        assertThat(target.resolve("nodes/k8s-node1/notes.txt")).hasContent("mine");
        assertThat(mine.resolve("thesis.txt")).hasContent("years");
    }

    @Test
    void plainManifestsDescribeNoMachines() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain"));
        Files.writeString(plain.resolve("a.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");

        assertThat(render(plain, folder.resolve("out"))).isEqualTo(1);
        assertThat(err.toString()).contains("describes no cluster");
    }

    @Test
    void withoutAFolderToWriteToItIsAWrongCommandLine() {
        assertThat(run("bootstrap", "render", TEMPLATE.toString())).isEqualTo(64);
        assertThat(run("bootstrap")).isEqualTo(64);
        assertThat(err.toString()).contains("--out");
    }

    private Path copyOfTemplate() throws IOException {
        Path copy = folder.resolve("definition");
        try (Stream<Path> walk = Files.walk(TEMPLATE)) {
            for (Path path : walk.sorted().toList()) {
                Path target = copy.resolve(TEMPLATE.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
        return copy;
    }

    private static Map<Path, FileTime> times(Path tree) throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.toList()) {
                times.put(path, Files.getLastModifiedTime(path));
            }
        }
        return times;
    }
}
