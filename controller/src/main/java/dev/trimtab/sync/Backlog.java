package dev.trimtab.sync;

import java.time.Duration;

/**
 * What waits for a sync, and how it gets on with it.
 *
 * @param depth objects that somebody touched, and other reasons to look, one each; what waits for its next try is among them
 * @param oldest for how long the first of what is new has been waiting, until the step that deals with it is over; zero when there
 *     is none. What waits for its next try does not count
 * @param handled how often something was taken from what waits
 * @param busy how long it was dealt with, all in all
 */
public record Backlog(int depth, Duration oldest, long handled, Duration busy) {

    Backlog with(int more) {
        return new Backlog(depth + more, oldest, handled, busy);
    }
}
