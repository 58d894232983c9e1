package dev.trimtab.cli;

import dev.trimtab.nodes.DrainTerms;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.plan.Plan;
import dev.trimtab.review.NodeText;
import dev.trimtab.review.PlanJson;
import dev.trimtab.review.PlanText;
import dev.trimtab.review.PlanText.Detail;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab plan}: reads the cluster, writes nothing. */
@Command(name = "plan", description = "Show what applying a definition would do to the cluster and its running pods.")
final class PlanCommand implements Callable<Integer> {

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
            description = "text or json (format trimtab.plan/v1)")
    private OutputFormat output;

    @Option(names = "--short", description = "headlines only")
    private boolean brief;

    @Option(names = "--detailed-exitcode", description = "exit with 2 when there are changes")
    private boolean detailedExitCode;

    @Option(
            names = "--fail-on",
            paramLabel = "LIST",
            split = ",",
            description =
                    "exit with 3 when the plan has one of: danger, delete, recreate, in-place, apply, create, any")
    private List<FailOn> failOn = List.of();

    @Override
    public Integer call() {
        try (OneShot.Prepared prepared = oneShot.prepare(cluster, common)) {
            if (prepared.refused()) {
                return ExitCode.ERROR;
            }
            Plan plan = prepared.plan();
            Optional<NodePlan> nodes = prepared.planNodes(DrainTerms.byPerson(Duration.ofMinutes(5)));
            show(plan, nodes);
            if (!plan.complete()) {
                return ExitCode.ERROR;
            }
            if (FailOn.matches(Set.copyOf(failOn), plan) || FailOn.matches(Set.copyOf(failOn), nodes)) {
                return ExitCode.FAIL_ON;
            }
            boolean changes = !plan.changes().isEmpty()
                    || nodes.filter(planned -> !planned.changes().isEmpty()).isPresent();
            return detailedExitCode && changes ? ExitCode.CHANGES : ExitCode.DONE;
        }
    }

    private void show(Plan plan, Optional<NodePlan> nodes) {
        if (output == OutputFormat.JSON) {
            common.print(new PlanJson(Version.number()).render(plan, nodes));
        } else {
            Detail detail = brief ? Detail.SHORT : Detail.FULL;
            common.out()
                    .print(new PlanText(common.style(), detail)
                            .render(plan, Clock.systemUTC().instant()));
            nodes.ifPresent(planned -> common.out().print(new NodeText(common.style()).plan(planned)));
            common.out().flush();
        }
    }
}
