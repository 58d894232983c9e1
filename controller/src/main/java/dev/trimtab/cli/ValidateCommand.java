package dev.trimtab.cli;

import dev.trimtab.codes.Count;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.Problem.Severity;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.plan.LiveRules;
import dev.trimtab.review.ProblemJson;
import dev.trimtab.review.ProblemSarif;
import dev.trimtab.review.ProblemText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab validate DIR}: needs no cluster unless it is asked to compare with one. */
@Command(
        name = "validate",
        description = {
            "Check a definition: every problem with its file, line and column. Needs no cluster, except with --live.",
            "A repository with clusters/NAME/ is checked cluster by cluster."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no errors; there may be warnings",
            "1:errors, or the definition or the cluster cannot be read",
            "64:the command line is wrong"
        })
final class ValidateCommand implements Callable<Integer> {

    /** What the report looks like. */
    enum Format {
        TEXT,
        JSON,
        SARIF
    }

    @Mixin
    private CommonOptions common;

    @Mixin
    private FolderOptions folder;

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--live", description = "also compare with the cluster that the kubeconfig names; writes nothing")
    private boolean live;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description = "text, json (format trimtab.problems/v1) or sarif (2.1.0)")
    private Format output;

    @Override
    public Integer call() {
        List<Definition> definitions = live ? List.of(compared(folder.read())) : folder.readAll();
        List<Problem> problems = definitions.stream()
                .flatMap(definition -> definition.problems().stream())
                .toList();
        switch (output) {
            case JSON -> common.print(ProblemJson.of(definitions));
            case SARIF ->
                common.print(new ProblemSarif(Version.number(), fromHere(folder.directory())).render(problems));
            case TEXT -> {
                ProblemText text = new ProblemText(folder.directory(), common.style());
                problems.forEach(problem -> common.out().println(text.of(problem)));
                common.out().flush();
                folder.strays()
                        .forEach(file ->
                                common.err().println("not read: " + file + " belongs to no cluster in clusters/"));
                common.err().println(summary(definitions, problems));
            }
        }
        return definitions.stream().anyMatch(Definition::refused) ? ExitCode.ERROR : ExitCode.DONE;
    }

    private Definition compared(Definition definition) {
        if (definition.refused()) {
            common.err().println("not compared with the cluster: the definition cannot be used as it is");
            return definition;
        }
        try (ClusterClient client = cluster.connect()) {
            List<Problem> problems = new ArrayList<>(definition.problems());
            problems.addAll(LiveRules.check(definition, client));
            return definition.withProblems(problems);
        }
    }

    /** Reports are read from the repository's root, where checks usually run. */
    private static Path fromHere(Path directory) {
        Path here = Path.of("").toAbsolutePath();
        Path there = directory.toAbsolutePath().normalize();
        return there.startsWith(here) ? here.relativize(there) : Path.of("");
    }

    private static String summary(List<Definition> definitions, Collection<Problem> problems) {
        String clusters = definitions.size() > 1 ? " in " + definitions.size() + " clusters" : "";
        if (!problems.isEmpty()) {
            return counted(problems, Severity.ERROR, "error") + ", " + counted(problems, Severity.WARNING, "warning")
                    + clusters;
        }
        int manifests = 0;
        int nodes = 0;
        int own = 0;
        for (Definition definition : definitions) {
            manifests += definition.manifests().size();
            nodes += definition.inventory().nodes().size();
            own += definition.addons().size()
                    + definition.workloadSets().size()
                    + (definition.cluster().isPresent() ? 1 : 0);
        }
        return "no problems: " + Count.of(manifests, "manifest") + ", " + Count.of(nodes, "node") + ", "
                + Count.of(own, "document") + " of the cluster"
                + clusters;
    }

    private static String counted(Collection<Problem> problems, Severity severity, String noun) {
        long count = problems.stream()
                .filter(problem -> problem.severity() == severity)
                .count();
        return Count.of(count, noun);
    }
}
