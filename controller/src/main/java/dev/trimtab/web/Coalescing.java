package dev.trimtab.web;

import java.util.concurrent.Executor;

/** Runs something at once when it is asked for, and at most once more for all that ask in the time after. */
final class Coalescing {

    private final Runnable task;
    private final Executor later;
    private boolean pausing;
    private boolean again;

    /** @param later runs what it is given when the time is over in which more may ask */
    Coalescing(Runnable task, Executor later) {
        this.task = task;
        this.later = later;
    }

    void request() {
        synchronized (this) {
            if (pausing) {
                again = true;
                return;
            }
            pausing = true;
        }
        run();
    }

    private void over() {
        synchronized (this) {
            pausing = again;
            if (!again) {
                return;
            }
            again = false;
        }
        run();
    }

    private void run() {
        later.execute(this::over);
        task.run();
    }
}
