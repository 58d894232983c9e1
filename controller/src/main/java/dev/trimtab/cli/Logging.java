package dev.trimtab.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much the stations log on standard error. A command that ends is quiet; one that stays tells what it does. */
final class Logging {

    private Logging() {}

    /** Tells each step, until {@code TRIMTAB_LOG} names another level. */
    static void tellSteps() {
        if (System.getenv("TRIMTAB_LOG") == null && LoggerFactory.getLogger("dev.trimtab") instanceof Logger logger) {
            logger.setLevel(Level.INFO);
        }
    }
}
