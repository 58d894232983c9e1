package dev.trimtab.cli;

import dev.trimtab.drift.DriftReport;
import dev.trimtab.drift.Drifted;
import dev.trimtab.drift.Severity;
import dev.trimtab.review.DriftJson;
import dev.trimtab.review.DriftText;
import dev.trimtab.review.DriftView;
import dev.trimtab.review.IgnoreText;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code trimtab drift}: reads the cluster, writes nothing. */
@Command(
        name = "drift",
        description = {
            "Show what in the cluster is no longer as it was applied: since when, by whom, which fields.",
            "What Git wants otherwise since then waits to be applied, which is no drift. Needs no controller. With --config the rules of "
                    + "the syncs count: fields that are left to others, and what was applied last is read from the repository."
        })
final class DriftCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private Repositories repositories = new Repositories();

    @ArgGroup(multiplicity = "1")
    private Definition definition;

    /** Where it is written what the cluster should be. */
    static final class Definition {
        @ArgGroup(multiplicity = "1")
        private @Nullable DefinitionFolder folder;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "ClusterSync documents, as 'trimtab run' takes them; may be given more than once")
        private List<Path> files = List.of();
    }

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "with DIR: the cluster in clusters/NAME/, where there are several")
    private @Nullable String name;

    @Option(
            names = "--sync",
            paramLabel = "NAME",
            description = "the sync that owns the objects (default with DIR: " + SyncNames.LOCAL
                    + ", with --config: all of the files)")
    private @Nullable String sync;

    @Option(names = "--severity", paramLabel = "WHICH", description = "only critical or only warning")
    private @Nullable Severity severity;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "only what changed within this time, such as 30m or 8h, and what nobody knows the time of")
    private @Nullable Duration since;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description = "text or json (format trimtab.drift/v1)")
    private OutputFormat output;

    @Option(names = "--all", description = "do not shorten long lists")
    private boolean all;

    @Option(
            names = "--suggest-ignore",
            description = "print rules for spec.ignore of a ClusterSync that leave what drifted to whoever wrote it")
    private boolean suggestIgnore;

    @Option(names = "--detailed-exitcode", description = "exit with 2 when there is drift")
    private boolean detailedExitCode;

    @Override
    public Integer call() {
        Clock clock = Clock.systemUTC();
        Optional<List<DriftView>> compared = compare(clock);
        if (compared.isEmpty()) {
            return ExitCode.ERROR;
        }
        Instant now = clock.instant();
        List<DriftView> views =
                compared.get().stream().map(view -> asked(view, now)).toList();
        show(views, now);
        if (!views.stream().allMatch(DriftView::complete)) {
            return ExitCode.ERROR;
        }
        return detailedExitCode && views.stream().anyMatch(DriftView::drifted) ? ExitCode.CHANGES : ExitCode.DONE;
    }

    private Optional<List<DriftView>> compare(Clock clock) {
        if (definition.folder != null) {
            return new FolderDrift(definition.folder.path(), Optional.ofNullable(name), sync(), cluster, common, clock)
                    .compare();
        }
        if (name != null || cluster.isGiven()) {
            throw new ParameterException(
                    common.commandLine(),
                    "--cluster, --kubeconfig and --context go with DIR; a ClusterSync says itself which cluster it is for");
        }
        return SyncFiles.read(definition.files, common)
                .map(specs -> new SyncDrift(repositories, common, clock)
                        .compare(SyncFiles.chosen(specs, Optional.ofNullable(sync))));
    }

    private String sync() {
        return SyncNames.check(sync == null ? SyncNames.LOCAL : sync);
    }

    private DriftView asked(DriftView view, Instant now) {
        Optional<DriftReport> report = view.report().map(all -> all.only(one -> isAsked(one, now)));
        return new DriftView(view.sync(), report, view.failure(), view.hints());
    }

    private boolean isAsked(Drifted one, Instant now) {
        boolean recent = since == null
                || one.drift()
                        .changedAt()
                        .filter(at -> at.isBefore(now.minus(since)))
                        .isEmpty();
        return recent && (severity == null || one.severity() == severity);
    }

    private void show(List<DriftView> views, Instant now) {
        if (output == OutputFormat.JSON) {
            common.print(new DriftJson(Version.number(), suggestIgnore).render(views));
        } else if (suggestIgnore) {
            common.out().print(IgnoreText.render(views, now));
        } else {
            common.out().print(new DriftText(common.style(), all).render(views, now));
        }
        common.out().flush();
    }
}
