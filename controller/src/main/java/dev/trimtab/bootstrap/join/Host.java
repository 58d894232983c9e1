package dev.trimtab.bootstrap.join;

import java.util.List;
import java.util.stream.Collectors;

/** A machine that can be asked to run commands, one after the other. */
public interface Host extends AutoCloseable {

    /**
     * @param status 0 when all went well
     * @param out what it wrote to standard output
     * @param err what it wrote to standard error
     */
    record Result(int status, String out, String err) {

        /** The last lines of what it said, errors before all else. */
        public String lastWords() {
            List<String> lines = (err.isBlank() ? out : err).strip().lines().toList();
            return lines.subList(Math.max(0, lines.size() - 3), lines.size()).stream()
                    .map(String::strip)
                    .collect(Collectors.joining("; "));
        }
    }

    /** @throws HostException when the command could not be run or did not end in its time; not when it ended with a status */
    Result run(RemoteCommand command);

    /** @throws HostException also when it ended with another status than 0 */
    default Result require(RemoteCommand command) {
        Result result = run(command);
        if (result.status() != 0) {
            throw new HostException(
                    JoinCode.JOI006,
                    command.line() + " ended with " + result.status() + ": " + result.lastWords(),
                    "run it on the machine by hand to see all it says, or again here with --verbose");
        }
        return result;
    }

    @Override
    void close();
}
