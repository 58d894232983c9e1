package dev.trimtab.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trimtab completion bash|zsh}: one script serves both shells. */
@Command(
        name = "completion",
        description = "Print a completion script.",
        footer = {"", "For the shell that runs now:  source <(trimtab completion bash)"})
final class CompletionCommand implements Callable<Integer> {

    enum Shell {
        BASH,
        ZSH
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private Shell shell;

    @Override
    public Integer call() {
        if (shell == Shell.ZSH) {
            common.out().println("autoload -U +X compinit && compinit");
            common.out().println("autoload -U +X bashcompinit && bashcompinit");
        }
        common.out().print(AutoComplete.bash("trimtab", spec.root().commandLine()));
        common.out().flush();
        return ExitCode.DONE;
    }
}
