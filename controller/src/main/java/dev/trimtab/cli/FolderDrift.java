package dev.trimtab.cli;

import dev.trimtab.apply.Inventory;
import dev.trimtab.definition.Definition;
import dev.trimtab.drift.DriftComparison;
import dev.trimtab.drift.DriftReport;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.nodes.DeclaredNodes;
import dev.trimtab.nodes.FactsReader;
import dev.trimtab.nodes.NodeDrift;
import dev.trimtab.plan.ConfigMarks;
import dev.trimtab.render.Renderer;
import dev.trimtab.review.DriftView;
import dev.trimtab.review.ProblemText;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The drift of what a folder holds and was applied, by a person or by a controller. */
record FolderDrift(
        Path directory,
        Optional<String> cluster,
        String sync,
        ClusterOptions options,
        CommonOptions common,
        Clock clock) {

    private static final UpdateStrategy.Policy POLICY = UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE;

    /** Empty when the definition cannot be used, which is told. */
    Optional<List<DriftView>> compare() {
        Definition definition = FolderOptions.read(directory, cluster);
        ProblemText text = new ProblemText(directory, common.style());
        definition.problems().forEach(problem -> common.err().println(text.of(problem)));
        common.err().flush();
        if (definition.refused()) {
            return Optional.empty();
        }
        try (ClusterClient client = options.connect()) {
            Inventory inventory = Inventory.load(client, sync);
            SyncHint.tell(client, sync, () -> inventory, common.err());
            DriftReport report = new DriftComparison(client, sync, POLICY, clock)
                    .compare(
                            new DriftComparison.Subject(
                                    directory.toString(),
                                    ConfigMarks.on(new Renderer().render(definition, sync), POLICY),
                                    Optional.empty(),
                                    true),
                            inventory);
            return Optional.of(List.of(new DriftView(
                    sync,
                    Optional.of(withNodes(report, DeclaredNodes.of(definition), client)),
                    Optional.empty(),
                    hints())));
        }
    }

    private DriftReport withNodes(DriftReport report, Optional<DeclaredNodes> declared, ClusterClient client) {
        return declared.map(nodes -> NodeDrift.of(nodes, new FactsReader(client).nodes(), sync, clock.instant()))
                .map(nodes -> report.and(nodes.drifted(), nodes.compared(), nodes.pending(), nodes.problems()))
                .orElse(report);
    }

    private DriftView.Hints hints() {
        String same =
                "-f " + directory + cluster.map(name -> " --cluster " + name).orElse("")
                        + (sync.equals(SyncNames.LOCAL) ? "" : " --sync " + sync) + options.given();
        return new DriftView.Hints(
                "trimtab plan " + same,
                "trimtab apply " + same + " puts Git's values back, with all else that the folder holds",
                "trimtab drift " + same + " --suggest-ignore prints rules for a ClusterSync");
    }
}
