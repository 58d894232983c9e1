package dev.trimtab.cli;

import dev.trimtab.kube.ClusterClient;
import dev.trimtab.nodes.NodeRemoval;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trimtab node}. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "What is done to one node, and only by a person.",
        subcommands = NodeCommand.Remove.class)
final class NodeCommand implements Runnable {

    @Override
    public void run() {
        throw new UserError("what should be done?", "trimtab node remove NAME --confirm NAME");
    }

    /** {@code trimtab node remove}. */
    @Command(
            name = "remove",
            description = {
                "Delete a Node object that was drained because the inventory says state: removed.",
                "Refused while pods or volumes are left on it, and where the control plane or its etcd would be lost."
            })
    static final class Remove implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Mixin
        private ClusterOptions cluster;

        @Parameters(index = "0", paramLabel = "NAME", description = "name of the node")
        private String name;

        @Option(names = "--confirm", paramLabel = "NAME", description = "the same name again: there is no way back")
        private @Nullable String confirmed;

        @Override
        public Integer call() {
            if (!name.equals(confirmed)) {
                common.err().println("refused: nothing was done; to delete the node write");
                common.err().println("  trimtab node remove " + name + " --confirm " + name);
                return ExitCode.REFUSED;
            }
            try (ClusterClient client = cluster.connect()) {
                NodeRemoval.Answer answer = new NodeRemoval(client).remove(name);
                if (!answer.removed()) {
                    answer.refusals().forEach(why -> common.err().println("refused: node " + name + ": " + why));
                    return ExitCode.REFUSED;
                }
                common.out().println("deleted  Node " + name);
                common.out().println("left to do:");
                answer.left().forEach(todo -> common.out().println("  - " + todo));
                common.out().flush();
                return ExitCode.DONE;
            }
        }
    }
}
