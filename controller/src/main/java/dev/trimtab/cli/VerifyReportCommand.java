package dev.trimtab.cli;

import dev.trimtab.bootstrap.NodeReport;
import dev.trimtab.join.NodeReports;
import dev.trimtab.kube.ClusterClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trimtab bootstrap verify-report}: for machines that nobody but a person reaches. */
@Command(
        name = "verify-report",
        description = {
            "Keep with a Node what verify.sh found on its machine, for those who look at the cluster from inside.",
            "trimtab nodes shows how old it is, and what failed is told like everything else that is not as Git says. Only the time,"
                    + " the number of checks and the first that failed are kept."
        })
final class VerifyReportCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", paramLabel = "NODE", description = "name of the node")
    private String node;

    @Parameters(index = "1", paramLabel = "FILE", description = "output of sudo sh verify.sh, or - for standard input")
    private String file;

    @Override
    public Integer call() {
        NodeReport report = read();
        try (ClusterClient client = cluster.connect()) {
            if (!new NodeReports(client).keep(node, report)) {
                throw new UserError("the cluster has no node " + node, "give the name as kubectl get nodes shows it");
            }
        }
        common.out()
                .println("kept with Node " + node + ": " + report.at() + ", " + report.failures() + " of "
                        + report.checks() + " checks failed");
        common.out().flush();
        return ExitCode.DONE;
    }

    private NodeReport read() {
        String source = file.equals("-") ? "standard input" : file;
        try {
            return NodeReport.of(node, new String(bytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UserError(source + " cannot be read", "name a file, or - for standard input");
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    source + " is no report of " + node + ": " + e.getMessage(),
                    "on the machine: sudo sh verify.sh > report; give that file, whole");
        }
    }

    private byte[] bytes() throws IOException {
        if (file.equals("-")) {
            try (InputStream input = System.in) {
                return input.readAllBytes();
            }
        }
        return Files.readAllBytes(Path.of(file));
    }
}
