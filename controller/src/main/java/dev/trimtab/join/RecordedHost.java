package dev.trimtab.join;

import dev.trimtab.bootstrap.join.Host;
import dev.trimtab.bootstrap.join.HostException;
import dev.trimtab.bootstrap.join.Obstacle;
import dev.trimtab.bootstrap.join.RemoteCommand;
import java.util.function.Consumer;

/** Writes down what is said to a machine and what it says. Nothing gets past here with a secret in it. */
final class RecordedHost implements Host {

    private final Host host;
    private final Redactor redactor;
    private final Consumer<String> transcript;

    RecordedHost(Host host, Redactor redactor, Consumer<String> transcript) {
        this.host = host;
        this.redactor = redactor;
        this.transcript = transcript;
    }

    @Override
    public Result run(RemoteCommand command) {
        transcript.accept("$ " + redactor.redact(command.line())
                + command.input()
                        .map(input -> "   < " + input.length() + " characters")
                        .orElse(""));
        try {
            Result result = host.run(command);
            Result clean = new Result(result.status(), redactor.redact(result.out()), redactor.redact(result.err()));
            clean.out().lines().forEach(line -> transcript.accept("  " + line));
            clean.err().lines().forEach(line -> transcript.accept("! " + line));
            if (clean.status() != 0) {
                transcript.accept("  ended with " + clean.status());
            }
            // What a look finds must stay as it is, since digests are made of it; it is told with nothing of it.
            return command.isChanging() ? clean : result;
        } catch (HostException e) {
            Obstacle obstacle = e.obstacle();
            String text = redactor.redact(obstacle.text());
            transcript.accept("! " + text);
            throw new HostException(obstacle.code(), text, obstacle.fix());
        }
    }

    @Override
    public void close() {
        host.close();
    }
}
