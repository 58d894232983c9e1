package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.intake.Finding;
import dev.trimtab.bootstrap.intake.Imported;
import dev.trimtab.codes.Code;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.DefinitionCode;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Limits;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.Problem.Severity;
import dev.trimtab.definition.YamlText;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.render.Renderer;
import dev.trimtab.review.FindingText;
import dev.trimtab.review.ProblemText;
import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.RepoPath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where imported documents go: into the folder of a definition, or to standard output. */
final class ImportOutput {

    @ArgGroup(multiplicity = "1")
    private Target target;

    /** One of the two. */
    static final class Target {

        @Option(
                names = "--out",
                paramLabel = "DIR",
                description = "folder of the definition: cluster.yaml, inventory/ and addons/ are written there")
        private @Nullable Path out;

        @Option(names = "--stdout", description = "print the documents instead of writing files")
        @SuppressWarnings("unused") // whoever gives it has not given the other one
        private boolean stdout;
    }

    @Option(names = "--force", description = "overwrite files that are there and differ")
    private boolean force;

    /** For sources whose secrets are of no use later. */
    int write(Imported imported, String source, CommonOptions common) {
        return write(imported, source, common, SecretOptions.NONE, () -> {
            throw new IllegalStateException("nothing is written to a cluster");
        });
    }

    int write(
            Imported imported,
            String source,
            CommonOptions common,
            SecretOptions secrets,
            Supplier<ClusterClient> cluster) {
        FindingText told = new FindingText(common.style());
        imported.findings().forEach(finding -> common.err().println(told.of(finding)));
        if (imported.refused()) {
            common.err().println("nothing is written");
            common.err().flush();
            return ExitCode.ERROR;
        }
        SortedMap<String, String> files = new TreeMap<>();
        imported.documents().forEach((file, document) -> files.put(file, yaml(document, source)));
        Optional<Path> out = Optional.ofNullable(target.out);
        check(files, out, imported, common);
        Optional<DefinitionFiles> folder = out.map(DefinitionFiles::new);
        folder.ifPresent(definition -> definition.check(files, force));
        secrets.keep(imported.credentials(), out, force, common, cluster);
        if (folder.isPresent()) {
            Set<String> written = folder.get().write(files);
            common.out().println("wrote " + written.size() + " of " + files.size() + " files to " + out.orElseThrow());
            files.keySet()
                    .forEach(file -> common.out().println((written.contains(file) ? "  " : "  unchanged: ") + file));
        } else {
            files.forEach((file, text) -> common.out().print("---\n# " + file + "\n" + text));
        }
        common.out().flush();
        common.err().flush();
        return ExitCode.DONE;
    }

    private static String yaml(ObjectNode document, String source) {
        String name = source.substring(source.lastIndexOf('/') + 1).replaceAll("\\p{Cntrl}", "?");
        return "# Imported from " + name + ".\n" + YamlText.of(document);
    }

    /** What a definition with these documents in it would be told by validate, unless the source was told it already. */
    private static void check(
            SortedMap<String, String> files, Optional<Path> out, Imported imported, CommonOptions common) {
        Set<Code> told = imported.findings().stream().map(Finding::code).collect(Collectors.toSet());
        List<Problem> left = new ArrayList<>();
        for (Problem problem : read(files, out).problems()) {
            boolean ofTheImport = files.containsKey(problem.at().file().value());
            boolean alone = problem.code() == DefinitionCode.CD002 && !files.containsKey("cluster.yaml");
            boolean known = problem.severity() == Severity.WARNING && told.contains(problem.code());
            if (ofTheImport && !alone && !known) {
                left.add(problem);
            }
        }
        ProblemText text = new ProblemText(out.orElse(Path.of("")), common.style());
        left.forEach(problem -> common.err().println(text.of(problem)));
        if (left.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)) {
            common.err()
                    .println(
                            "the documents hold errors, which the source has as well: correct them before you use them");
        }
    }

    private static Definition read(SortedMap<String, String> files, Optional<Path> out) {
        SortedMap<String, byte[]> bytes = new TreeMap<>();
        files.forEach((file, text) -> bytes.put(file, text.getBytes(StandardCharsets.UTF_8)));
        Optional<DirectoryTree> base =
                out.filter(Files::isDirectory).map(folder -> new DirectoryTree(folder, Clock.systemUTC()));
        try (OverlayTree tree = new OverlayTree(base, bytes)) {
            return new Renderer().check(new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT));
        }
    }
}
