package dev.trimtab.cli;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Plan;
import dev.trimtab.review.OutcomeJson;
import dev.trimtab.review.OutcomeText;
import dev.trimtab.review.PlanText;
import dev.trimtab.review.PlanText.Detail;
import java.io.Console;
import java.time.Clock;
import java.time.Duration;
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
            "The plan is shown first; when it deletes or recreates something, a person is asked (or --yes given).",
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

    @Option(names = "--yes", description = "carry out deletes and recreates without asking")
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
            description = "how long rollouts in place and --wait may take (default: ${DEFAULT-VALUE})")
    private Duration timeout;

    @Override
    public Integer call() {
        try (OneShot.Prepared prepared = oneShot.prepare(cluster, common)) {
            if (prepared.refused()) {
                return ExitCode.ERROR;
            }
            Plan plan = prepared.plan();
            common.err()
                    .print(new PlanText(common.style(), Detail.FULL)
                            .render(plan, Clock.systemUTC().instant()));
            common.err().flush();
            if (!approved(plan)) {
                common.err().println("refused: the plan deletes or recreates something; give --yes to carry it out");
                return ExitCode.REFUSED;
            }
            return carryOut(prepared, plan);
        }
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

    private boolean approved(Plan plan) {
        boolean harmless = plan.changes().stream()
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
