package dev.trimtab.cli;

import dev.trimtab.bootstrap.intake.KuboardServer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a person knows of a Kuboard server and its agents do not say. */
final class KuboardServerOptions {

    @Option(
            names = "--published-web-port",
            paramLabel = "PORT",
            description =
                    "on which the Kuboard server's pages are reached, for instance 8080 after docker run -p 8080:80")
    private @Nullable Integer webPort;

    @Option(
            names = "--published-agent-port",
            paramLabel = "PORT",
            description = "on which the Kuboard server's tunnel for agents is reached")
    private @Nullable Integer agentPort;

    KuboardServer server() {
        return new KuboardServer(number(webPort), number(agentPort));
    }

    private static OptionalInt number(@Nullable Integer port) {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
