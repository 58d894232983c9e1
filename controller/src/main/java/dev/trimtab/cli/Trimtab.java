package dev.trimtab.cli;

import dev.trimtab.apply.InventoryException;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.KubeconfigException;
import dev.trimtab.render.RenderException;
import dev.trimtab.source.SourceException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The main command. */
@Command(
        name = "trimtab",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Reconciles a Git repository to Kubernetes clusters and always makes the smallest change that works: "
                    + "pods whose image or labels changed are patched where they run."
        },
        subcommands = {
            DemoCommand.class,
            SandboxCommand.class,
            RunCommand.class,
            StatusCommand.class,
            PlanCommand.class,
            ApplyCommand.class,
            DriftCommand.class,
            ExplainCommand.class,
            RolloutCommand.class,
            NodesCommand.class,
            NodeCommand.class,
            ApproveCommand.class,
            SuspendCommand.class,
            ResumeCommand.class,
            ReconcileCommand.class,
            ValidateCommand.class,
            RenderCommand.class,
            BootstrapCommand.class,
            SchemaCommand.class,
            VersionCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; for plan and drift also when there are changes or drift",
            "1:error, or a plan or a comparison that is not complete",
            "2:only with --detailed-exitcode: there are changes, or drift, or a sync that is not ready",
            "3:--fail-on matched",
            "5:refused: not approved",
            "64:the command line is wrong",
            "130:interrupted"
        })
public final class Trimtab implements Runnable {

    private static final Pattern LEAD = Pattern.compile("^Error: ");

    @Spec
    private CommandSpec spec;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Logging.takeOver();
        int code = commandLine().execute(arguments);
        System.out.flush();
        System.exit(code);
    }

    /** The whole tree of commands; every one of them answers a wrong command line with 64. */
    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Trimtab());
        root.setExecutionExceptionHandler(Trimtab::onError);
        root.setParameterExceptionHandler(Trimtab::onUsage);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setExpandAtFiles(false);
        onEvery(root);
        return root;
    }

    private static void onEvery(CommandLine command) {
        command.getCommandSpec()
                .exitCodeOnInvalidInput(ExitCode.USAGE)
                .exitCodeOnExecutionException(ExitCode.ERROR)
                .usageMessage()
                .width(100);
        command.getSubcommands().values().forEach(Trimtab::onEvery);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    private static int onError(Exception error, CommandLine command, ParseResult parsed) {
        PrintWriter out = command.getErr();
        out.println("error: " + message(error));
        if (error instanceof UserError known) {
            known.fix().ifPresent(fix -> out.println("  fix: " + fix));
        } else if (!explainsItself(error)) {
            if (verbose(parsed)) {
                error.printStackTrace(out);
            } else {
                out.println("  run it again with --verbose to see where this comes from");
            }
        }
        return ExitCode.ERROR;
    }

    /** Said for a person, with a way out where there is one: where it was thrown helps nobody. */
    private static boolean explainsItself(Exception error) {
        return error instanceof ApiException
                || error instanceof SourceException
                || error instanceof KubeconfigException
                || error instanceof InventoryException
                || error instanceof RenderException;
    }

    private static boolean verbose(ParseResult parsed) {
        ParseResult innermost = parsed;
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        return innermost.hasMatchedOption("--verbose");
    }

    private static String message(Exception error) {
        return Optional.ofNullable(error.getMessage()).orElse(error.getClass().getSimpleName());
    }

    private static int onUsage(ParameterException error, String[] arguments) {
        CommandLine command = error.getCommandLine();
        PrintWriter out = command.getErr();
        // picocli says so itself of some and not of others.
        out.println("error: " + LEAD.matcher(error.getMessage()).replaceFirst(""));
        if (!UnmatchedArgumentException.printSuggestions(error, out)) {
            command.usage(out);
        } else {
            out.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.USAGE;
    }
}
