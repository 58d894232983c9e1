package dev.trimtab.sync;

import dev.trimtab.sync.Window.Kind;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When a sync may write. An open deny window outweighs everything; where there are allow windows, one of them has to be open.
 */
public record Windows(List<Window> windows) {

    public static final Windows ALWAYS = new Windows(List.of());

    /** Enough for a window of a minute that opens every two of them to be followed through a day. */
    private static final int LOOKS = 2_000;

    private static final DateTimeFormatter FOR_PEOPLE =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm VV", Locale.ROOT);

    public Windows {
        windows = List.copyOf(windows);
    }

    /**
     * Why nothing may be written now.
     *
     * @param until when that ends; empty when it is far away
     */
    record Closed(String text, Optional<Instant> until) {}

    /** Empty when writing is allowed. */
    Optional<Closed> at(Instant now) {
        Optional<Window> denied = denied(now);
        if (denied.isEmpty() && allowed(now)) {
            return Optional.empty();
        }
        Optional<Instant> until = closedUntil(now);
        ZoneId zone = denied.or(() -> windows.stream()
                        .filter(window -> window.kind() == Kind.ALLOW)
                        .findFirst())
                .map(Window::zone)
                .orElseThrow();
        String when = until.map(end -> FOR_PEOPLE.format(end.atZone(zone))).orElse("further notice");
        return Optional.of(new Closed(
                denied.map(window -> "the deny window \"" + window.schedule() + "\" is open; nothing is written until "
                                + when)
                        .orElseGet(() -> "no allow window is open; nothing is written until " + when),
                until));
    }

    /** The next moment at which the answer of {@link #at} may be another one. */
    Optional<Instant> nextLook(Instant now) {
        return windows.stream().flatMap(window -> window.nextLook(now).stream()).min(Instant::compareTo);
    }

    private Optional<Instant> closedUntil(Instant now) {
        Instant at = now;
        for (int i = 0; i < LOOKS; i++) {
            Optional<Instant> next = nextLook(at);
            if (next.isEmpty() || (denied(next.get()).isEmpty() && allowed(next.get()))) {
                return next;
            }
            at = next.get();
        }
        return Optional.empty();
    }

    private Optional<Window> denied(Instant now) {
        return windows.stream()
                .filter(window -> window.kind() == Kind.DENY && window.isOpen(now))
                .findFirst();
    }

    private boolean allowed(Instant now) {
        List<Window> allow =
                windows.stream().filter(window -> window.kind() == Kind.ALLOW).toList();
        return allow.isEmpty() || allow.stream().anyMatch(window -> window.isOpen(now));
    }
}
