package dev.trimtab.cli;

import dev.trimtab.nodes.DrainTerms;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.nodes.Severity;
import dev.trimtab.review.NodeJson;
import dev.trimtab.review.NodeText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab nodes}: reads the cluster, writes nothing. */
@Command(
        name = "nodes",
        description = {
            "Show the nodes of a cluster beside what the inventory says of them.",
            "What Trimtab would change is listed first, then what only a person can put right, with a way out."
        })
final class NodesCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private OneShot oneShot;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description = "text or json (format trimtab.nodes/v1)")
    private OutputFormat output;

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            description =
                    "exit with 3 when there is an observation of this severity or a higher one: info, warning, critical")
    private @Nullable Severity failOn;

    @Override
    public Integer call() {
        try (OneShot.Prepared prepared = oneShot.prepare(cluster, common)) {
            if (prepared.refused()) {
                return ExitCode.ERROR;
            }
            NodePlan plan = prepared.planNodes(DrainTerms.byPerson(Duration.ofMinutes(5)))
                    .orElseThrow(() -> new UserError(
                            "the definition has no Inventory, so nothing is said of nodes",
                            "write the cluster's nodes into a document of kind Inventory"));
            if (output == OutputFormat.JSON) {
                common.print(NodeJson.document(plan));
            } else {
                common.out().print(new NodeText(common.style()).table(plan, Instant.now()));
                common.out().flush();
            }
            return Optional.ofNullable(failOn)
                            .filter(least -> plan.count(least) > 0)
                            .isPresent()
                    ? ExitCode.FAIL_ON
                    : ExitCode.DONE;
        }
    }
}
