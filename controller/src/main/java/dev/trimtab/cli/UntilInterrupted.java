package dev.trimtab.cli;

import java.util.concurrent.CountDownLatch;

/** Waits for Ctrl-C or a termination signal, and then cleans up before the process ends. */
final class UntilInterrupted {

    private UntilInterrupted() {}

    /**
     * Blocks until the process is asked to end.
     *
     * @param cleanUp runs while the process goes down; it must be quick
     */
    static void await(Runnable cleanUp) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            cleanUp.run();
                            asked.countDown();
                        },
                        "shutdown"));
        asked.await();
    }
}
