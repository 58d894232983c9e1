package dev.trimtab.cli;

import dev.trimtab.apply.Outcome;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Plan;
import dev.trimtab.review.OutcomeJson;
import dev.trimtab.review.OutcomeText;
import dev.trimtab.review.PlanText;
import dev.trimtab.review.PlanText.Detail;
import java.io.Console;
import java.time.Clock;
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
            "The plan is shown first; when it deletes or recreates something, a person is asked (or --yes given)."
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
            Outcome outcome = prepared.apply(plan);
            if (output == OutputFormat.JSON) {
                common.print(OutcomeJson.render(outcome));
            } else {
                common.out().print(new OutcomeText(common.style()).render(outcome));
                common.out().flush();
            }
            return outcome.succeeded() && plan.complete() ? ExitCode.DONE : ExitCode.ERROR;
        }
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
