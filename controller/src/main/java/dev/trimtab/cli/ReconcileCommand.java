package dev.trimtab.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab reconcile}. */
@Command(
        name = "reconcile",
        description = {
            "Have a sync look at its repository and its cluster now.",
            "Suspensions, windows and approvals hold all the same."
        })
final class ReconcileCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private ControlOptions control;

    @Option(names = "--hard", description = "compare every object, trust nothing that is remembered")
    private boolean hard;

    @Override
    public Integer call() {
        control.tell(common, object -> object.requestReconcile(Clock.systemUTC().instant(), hard));
        common.out().println("asked: " + control.sync());
        common.out().flush();
        return ExitCode.DONE;
    }
}
