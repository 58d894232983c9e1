package dev.trimtab.cli;

import dev.trimtab.sync.DurationText;
import dev.trimtab.sync.Suspension;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab suspend}. */
@Command(
        name = "suspend",
        description = {
            "Stop a sync from writing: no apply, no heal, no delete.",
            "It goes on looking and telling. Ends with 'trimtab resume', or at the time given here."
        })
final class SuspendCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private ControlOptions control;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why; shown wherever the sync is")
    private String reason;

    @ArgGroup
    private @Nullable End end;

    /** When it ends on its own. */
    static final class End {
        @Option(names = "--for", paramLabel = "DURATION", description = "for this long, such as 30m or 8h")
        private @Nullable String duration;

        @Option(names = "--until", paramLabel = "TIME", description = "such as 2026-12-01T08:00:00+01:00")
        private @Nullable String time;
    }

    @Override
    public Integer call() {
        if (reason.isBlank()) {
            throw new UserError("--reason is empty", "say why: others will want to know");
        }
        Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
        Optional<Instant> until = Optional.ofNullable(end).map(given -> ends(given, now));
        if (until.filter(at -> !at.isAfter(now)).isPresent()) {
            throw new UserError("a suspension until " + until.get() + " is over already");
        }
        control.tell(common, object -> object.suspend(new Suspension(reason, control.by(), until)));
        common.out()
                .println("suspended: " + control.sync()
                        + until.map(at -> " until " + at).orElse(", until somebody resumes it"));
        common.out().flush();
        return ExitCode.DONE;
    }

    private static Instant ends(End end, Instant now) {
        if (end.duration != null) {
            String text = end.duration;
            return now.plus(DurationText.parse(text)
                    .orElseThrow(() -> new UserError(
                            "\"" + text + "\" is not a duration", "write one such as " + DurationText.EXAMPLES)));
        }
        String text = String.valueOf(end.time);
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new UserError(
                    "\"" + text + "\" is not a time with its offset",
                    "write one such as 2026-12-01T08:00:00+01:00, or give --for");
        }
    }
}
