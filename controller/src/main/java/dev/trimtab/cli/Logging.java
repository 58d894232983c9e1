package dev.trimtab.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** How much the stations log on standard error. A command that ends is quiet; one that stays tells what it does. */
final class Logging {

    private Logging() {}

    /** Has what libraries log by the means of the JDK go the way of everything else. */
    static void takeOver() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Tells each step, until {@code TRIMTAB_LOG} names another level. */
    static void tellSteps() {
        if (System.getenv("TRIMTAB_LOG") == null && LoggerFactory.getLogger("dev.trimtab") instanceof Logger logger) {
            logger.setLevel(Level.INFO);
        }
    }

    /**
     * Has everything that is logged written as lines of {@code to}, instead of as text on standard error, until the answer is closed.
     */
    static Redirection into(EventJson to) {
        if (!(LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root)) {
            return () -> {};
        }
        List<Appender<ILoggingEvent>> text = new ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(text::add);
        Appender<ILoggingEvent> json = new UnsynchronizedAppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                to.log(line);
            }
        };
        json.setContext(root.getLoggerContext());
        json.setName("EVENTS");
        json.start();
        root.addAppender(json);
        text.forEach(root::detachAppender);
        return () -> {
            text.forEach(root::addAppender);
            root.detachAppender(json);
            json.stop();
        };
    }

    /** Until it is closed, the log goes elsewhere. */
    interface Redirection {
        void close();
    }
}
