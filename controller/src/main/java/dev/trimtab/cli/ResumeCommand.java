package dev.trimtab.cli;

import dev.trimtab.sync.ControlObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trimtab resume}. */
@Command(
        name = "resume",
        description = {
            "End a suspension that 'trimtab suspend' began; what waited goes on at once.",
            "One that is written in the ClusterSync ends when it is taken out there."
        })
final class ResumeCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private ControlOptions control;

    @Override
    public Integer call() {
        control.tell(common, ControlObject::resume);
        common.out().println("resumed: " + control.sync());
        common.out().flush();
        return ExitCode.DONE;
    }
}
