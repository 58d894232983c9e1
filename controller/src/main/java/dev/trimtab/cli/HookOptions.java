package dev.trimtab.cli;

import dev.trimtab.web.PushHooks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and where a controller hears of pushes. */
final class HookOptions {

    private static final String OPTION = "--hooks";

    @Option(
            names = OPTION,
            paramLabel = "HOST:PORT",
            description =
                    "listen here for push hooks of GitHub, GitLab, Gitea, Forgejo and Gitee; polls go on all the same")
    private @Nullable String address;

    @Option(
            names = "--hooks-secret-file",
            paramLabel = "FILE",
            description = "the secret that the forge signs with; one a line where it is being exchanged for another")
    private @Nullable Path secretFile;

    /** Empty where no hooks are wanted. */
    List<String> secrets() {
        if (address == null && secretFile == null) {
            return List.of();
        }
        if (address == null || secretFile == null) {
            throw new UserError(
                    OPTION + " and --hooks-secret-file belong together",
                    "give both; a hook that nobody signed is not believed");
        }
        List<String> secrets;
        try {
            secrets = Files.readAllLines(secretFile).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UserError("the file " + secretFile + " cannot be read", "check the path and who may read it");
        }
        if (secrets.isEmpty()) {
            throw new UserError("the file " + secretFile + " holds no secret", "write the hook's secret into it");
        }
        return secrets;
    }

    Optional<PushHooks> listen(
            List<String> secrets,
            List<Map.Entry<String, Runnable>> polls,
            Clock clock,
            BiConsumer<String, String> heard) {
        if (address == null) {
            return Optional.empty();
        }
        InetSocketAddress parsed = ListenAddress.parse(address);
        try {
            return Optional.of(new PushHooks(parsed, secrets, polls, clock, heard));
        } catch (IOException e) {
            throw new UserError(
                    "nobody can listen on " + address + ": " + e.getMessage(), "give " + OPTION + " another address");
        }
    }
}
