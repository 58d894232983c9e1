package dev.trimtab.cli;

import dev.trimtab.apply.Inventory;
import dev.trimtab.apply.InventoryException;
import dev.trimtab.definition.Definition;
import dev.trimtab.drift.DriftComparison;
import dev.trimtab.drift.DriftReport;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.KubeconfigException;
import dev.trimtab.nodes.DeclaredNodes;
import dev.trimtab.nodes.FactsReader;
import dev.trimtab.nodes.NodeDrift;
import dev.trimtab.render.Desired;
import dev.trimtab.review.DriftView;
import dev.trimtab.source.GitSource;
import dev.trimtab.source.RepoTree;
import dev.trimtab.source.Revision;
import dev.trimtab.source.SourceException;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.RevisionReader;
import dev.trimtab.sync.SharedCluster;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The drift of ClusterSyncs from what was applied of their repositories. One that cannot be compared does not stop the others. */
record SyncDrift(Repositories repositories, CommonOptions common, Clock clock) {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final int RETRIES = 2;

    List<DriftView> compare(List<ClusterSync> specs) {
        return specs.stream().map(this::compare).toList();
    }

    private DriftView compare(ClusterSync spec) {
        try (ClusterClient client = Clusters.connect(
                new ClusterSettings(spec.cluster().kubeconfig(), spec.cluster().context(), REQUEST_TIMEOUT, RETRIES))) {
            return compare(spec, client);
        } catch (ApiException | SourceException | KubeconfigException | InventoryException e) {
            return view(spec, Optional.empty(), List.of(String.valueOf(e.getMessage())));
        }
    }

    private DriftView compare(ClusterSync spec, ClusterClient client) {
        Inventory inventory = Inventory.load(client, spec.name());
        Optional<Revision> last =
                inventory.lastApplied().filter(revision -> !revision.commit().equals(Revision.WORKTREE));
        List<String> failures = new ArrayList<>();
        try (GitSource source = repositories.open(spec, new SharedCluster(client, clock), clock)) {
            Optional<Wanted> head = head(spec, source, last, failures);
            Optional<Wanted> applied = last.flatMap(
                    revision -> head.filter(wanted -> wanted.is(revision)).or(() -> applied(spec, source, revision)));
            Optional<Wanted> against = head.or(() -> applied);
            if (against.isEmpty()) {
                return view(spec, Optional.empty(), failures);
            }
            DriftReport report = new DriftComparison(client, spec.name(), spec.updatePolicy(), clock)
                    .compare(
                            new DriftComparison.Subject(
                                    source.repository(),
                                    against.get().desired(),
                                    applied.map(Wanted::desired),
                                    spec.prune()),
                            inventory);
            return view(spec, Optional.of(withNodes(spec, report, applied.or(() -> head), client)), failures);
        }
    }

    /** What a revision wants. */
    private record Wanted(Desired desired, Optional<DeclaredNodes> nodes) {

        boolean is(Revision revision) {
            return desired.revision().commit().equals(revision.commit());
        }
    }

    /** What Git holds now; empty when that cannot be used, which is told: then what was applied last is all there is. */
    private static Optional<Wanted> head(
            ClusterSync spec, GitSource source, Optional<Revision> last, List<String> failures) {
        try {
            Revision head = source.poll(Optional.empty(), last);
            Definition definition = definition(spec, source, head);
            if (definition.refused()) {
                failures.add(head.ref() + "@" + head.shortCommit() + " is refused: "
                        + definition.problems().get(0));
                return Optional.empty();
            }
            return Optional.of(wanted(spec, definition));
        } catch (SourceException e) {
            failures.add(e.getMessage() + " [" + e.code().id() + "]");
            return Optional.empty();
        }
    }

    /** Empty when the repository does not hand the revision out any more, or this version of Trimtab refuses it. */
    private static Optional<Wanted> applied(ClusterSync spec, GitSource source, Revision revision) {
        try {
            Definition definition = definition(spec, source, revision);
            return definition.refused() ? Optional.empty() : Optional.of(wanted(spec, definition));
        } catch (SourceException e) {
            return Optional.empty();
        }
    }

    private static Definition definition(ClusterSync spec, GitSource source, Revision revision) {
        try (RepoTree tree = source.tree(revision)) {
            return new RevisionReader(spec).read(tree);
        }
    }

    private static Wanted wanted(ClusterSync spec, Definition definition) {
        return new Wanted(new RevisionReader(spec).render(definition), DeclaredNodes.of(definition));
    }

    private DriftReport withNodes(ClusterSync spec, DriftReport report, Optional<Wanted> wanted, ClusterClient client) {
        return wanted.flatMap(Wanted::nodes)
                .map(nodes -> NodeDrift.of(nodes, new FactsReader(client).nodes(), spec.name(), clock.instant()))
                .map(nodes -> report.and(nodes.drifted(), nodes.compared(), nodes.pending(), nodes.problems()))
                .orElse(report);
    }

    private static DriftView view(ClusterSync spec, Optional<DriftReport> report, List<String> failures) {
        return new DriftView(
                spec.name(),
                report,
                failures.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", failures)),
                hints(spec));
    }

    private static DriftView.Hints hints(ClusterSync spec) {
        String apply = "trimtab apply -f CHECKOUT --sync " + spec.name();
        boolean heals = spec.mode() == Mode.APPLY && spec.selfHeal();
        return new DriftView.Hints(
                switch (spec.mode()) {
                    case APPLY -> "the controller applies them, unless it is suspended or holds them back";
                    case PLAN -> "they wait for trimtab approve " + spec.name();
                    case OBSERVE -> "the sync only observes; " + apply;
                },
                heals
                        ? "the controller puts Git's values back by itself, unless it does not run, is suspended (trimtab resume "
                                + spec.name() + "), or somebody sets them each time; by hand: " + apply
                        : apply + "; the sync "
                                + (spec.mode() == Mode.APPLY
                                        ? "leaves drift (selfHeal: false)"
                                        : spec.mode() == Mode.PLAN
                                                ? "waits for a person (mode: plan)"
                                                : "only observes (mode: observe)"),
                "give --suggest-ignore for the rules to add to spec.ignore");
    }
}
