package dev.trimtab.cli;

import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab approve}. */
@Command(
        name = "approve",
        description = {
            "Let a sync carry out a plan that it holds.",
            "Holds for exactly this plan, once. When the plan has changed in the meantime nothing happens, and the new one "
                    + "is held and told."
        })
final class ApproveCommand implements Callable<Integer> {

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    @Mixin
    private CommonOptions common;

    @Mixin
    private ControlOptions control;

    @Option(
            names = "--plan",
            paramLabel = "DIGEST",
            required = true,
            description = "the plan's digest, sha256:... as the sync tells it")
    private String plan;

    @Option(names = "--despite-windows", description = "also while the sync's windows are closed")
    private boolean despiteWindows;

    @Override
    public Integer call() {
        if (!DIGEST.matcher(plan).matches()) {
            throw new UserError(
                    "\"" + plan + "\" is not the digest of a plan", "give all of it: sha256: and 64 hex digits");
        }
        control.tell(common, object -> object.approve(plan, control.by(), despiteWindows));
        common.out().println("approved for " + control.sync() + ": " + plan);
        common.out().flush();
        return ExitCode.DONE;
    }
}
