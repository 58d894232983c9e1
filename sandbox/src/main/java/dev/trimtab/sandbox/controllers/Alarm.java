package dev.trimtab.sandbox.controllers;

import java.time.Instant;

/**
 * Rings when the sandbox's clock has reached an instant. A {@link java.time.Clock} that also is an alarm drives everything
 * the stand-ins wait for: a clock that stands still until a test moves it makes restarts, back-off and grace periods
 * repeatable.
 */
public interface Alarm {

    /**
     * Calls {@code then} once, at {@code at} or as soon after it as possible, on any thread. {@code then} returns quickly.
     * There is no way to cancel: what rings in vain finds nothing to do.
     */
    void ring(Instant at, Runnable then);

    /**
     * Time shall not pass while there is work.
     *
     * @param finishWork returns when everything that can be done at this instant is done
     */
    default void restBefore(Runnable finishWork) {}
}
