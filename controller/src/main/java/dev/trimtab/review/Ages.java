package dev.trimtab.review;

import java.time.Duration;
import java.time.Instant;

/** How long ago something was. */
final class Ages {

    private Ages() {}

    /** {@code 12 minutes ago}; a clock that is behind does not make it the future. */
    static String ago(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 120) {
            return seconds + " s ago";
        }
        long minutes = seconds / 60;
        if (minutes < 120) {
            return minutes + " minutes ago";
        }
        long hours = minutes / 60;
        return hours < 48 ? hours + " hours ago" : hours / 24 + " days ago";
    }
}
