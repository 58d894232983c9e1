package dev.trimtab.cli;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.nodes.DrainTerms;
import dev.trimtab.nodes.NodeOutcome;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.nodes.NodeResult;
import dev.trimtab.nodes.Nodes;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Plan;
import dev.trimtab.review.NodeJson;
import dev.trimtab.review.NodeText;
import dev.trimtab.review.OutcomeJson;
import dev.trimtab.review.OutcomeText;
import dev.trimtab.review.PlanText;
import dev.trimtab.review.PlanText.Detail;
import java.io.Console;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab apply}: for people without the controller. */
@Command(
        name = "apply",
        description = {
            "Apply a definition once, without the controller.",
            "The plan is shown first; when it deletes or recreates something, or drains a node, a person is asked",
            "(or --yes given). Nodes are brought to the inventory before the objects, and drained after them.",
            "Rollouts in place are carried to their end before the command ends."
        })
final class ApplyCommand implements Callable<Integer> {

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
            description = "text or json (format trimtab.outcome/v1)")
    private OutputFormat output;

    @Option(names = "--yes", description = "carry out deletes, recreates and drains without asking")
    private boolean yes;

    @Option(names = "--no-input", description = "never ask; refuse where a person would be asked")
    private boolean noInput;

    @Option(names = "--wait", description = "wait until everything that was applied is well")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = DurationConverter.class,
            description =
                    "how long rollouts in place, --wait and the drain of a node may take (default: ${DEFAULT-VALUE})")
    private Duration timeout;

    @Override
    public Integer call() {
        try (OneShot.Prepared prepared = oneShot.prepare(cluster, common)) {
            if (prepared.refused()) {
                return ExitCode.ERROR;
            }
            DrainTerms drain = DrainTerms.byPerson(timeout);
            Plan plan = prepared.plan();
            Optional<NodePlan> nodes = prepared.planNodes(drain);
            common.err()
                    .print(new PlanText(common.style(), Detail.FULL)
                            .render(plan, Clock.systemUTC().instant()));
            nodes.ifPresent(planned -> common.err().print(new NodeText(common.style()).plan(planned)));
            common.err().flush();
            if (!approved(plan, nodes)) {
                common.err()
                        .println(
                                "refused: the plan deletes or recreates something, or drains a node; give --yes to carry it"
                                        + " out");
                return ExitCode.REFUSED;
            }
            if (nodes.isEmpty() || nodes.get().changes().isEmpty()) {
                return carryOut(prepared, plan);
            }
            return withNodes(prepared, plan, nodes.get(), drain);
        }
    }

    /** Labels and taints decide where pods may go, so they come first; what is drained finds its new place in what was applied. */
    private int withNodes(OneShot.Prepared prepared, Plan plan, NodePlan planned, DrainTerms drain) {
        Nodes nodes = prepared.nodes();
        NodeOutcome written = nodes.write(planned, drain);
        int code = carryOut(prepared, plan);
        List<NodeResult> results = new ArrayList<>(written.results());
        if (code == ExitCode.DONE) {
            results.addAll(nodes.drain(planned, drain).results());
        } else if (planned.drains()) {
            common.err().println("no node is drained, because not everything was applied");
        }
        NodeOutcome outcome = new NodeOutcome(planned, results);
        if (output == OutputFormat.JSON) {
            common.print(NodeJson.outcome(outcome));
        } else {
            common.out().print(new NodeText(common.style()).outcome(outcome));
            common.out().flush();
        }
        return outcome.succeeded() ? code : ExitCode.ERROR;
    }

    private int carryOut(OneShot.Prepared prepared, Plan first) {
        Completing completing =
                prepared.completing(common.err(), Clock.systemUTC().instant().plus(timeout));
        Plan plan = first;
        while (true) {
            Outcome outcome = prepared.apply(plan);
            tell(outcome);
            boolean rolled = completing.rollouts(outcome);
            List<ObjectKey> waitedFor = waitedFor(outcome);
            if (!waitedFor.isEmpty() && !wait) {
                common.err().println("some objects wait until others are well; give --wait to wait for them here");
            }
            boolean goesOn = wait && !waitedFor.isEmpty() && onlyWaits(outcome);
            if (!rolled || !(goesOn || (outcome.succeeded() && plan.complete()))) {
                return ExitCode.ERROR;
            }
            if (!wait) {
                return ExitCode.DONE;
            }
            if (!prepared.well(
                    completing, goesOn ? waitedFor : outcome.results().keySet())) {
                return ExitCode.ERROR;
            }
            if (!goesOn) {
                return ExitCode.DONE;
            }
            plan = prepared.plan();
        }
    }

    private void tell(Outcome outcome) {
        if (output == OutputFormat.JSON) {
            common.print(OutcomeJson.render(outcome));
        } else {
            common.out().print(new OutcomeText(common.style()).render(outcome));
            common.out().flush();
        }
    }

    private static List<ObjectKey> waitedFor(Outcome outcome) {
        return outcome.results().values().stream()
                .filter(Result.Waiting.class::isInstance)
                .map(result -> ((Result.Waiting) result).dependency())
                .distinct()
                .toList();
    }

    /** Whether nothing is in the way but time; deletes come last of all. */
    private static boolean onlyWaits(Outcome outcome) {
        return outcome.plan().complete()
                && outcome.results().values().stream().noneMatch(result -> result instanceof Result.Failed);
    }

    private boolean approved(Plan plan, Optional<NodePlan> nodes) {
        boolean harmless = nodes.filter(NodePlan::drains).isEmpty()
                && plan.changes().stream()
                        .noneMatch(change -> change.action() == Action.DELETE || change.action() == Action.RECREATE);
        if (yes || harmless) {
            return true;
        }
        Optional<Console> console = Optional.ofNullable(System.console());
        if (noInput || console.isEmpty() || !isTerminal(console.get())) {
            return false;
        }
        String answer = console.get().readLine("Carry this out? Type yes to do so: ");
        return "yes".equals(answer);
    }

    /** From JDK 22 on a console is there without a terminal too, and says so. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
