package dev.trimtab.cli;

import dev.trimtab.review.Style;
import dev.trimtab.sync.SyncEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.List;

/** Everything that the command line tells of an event, in every form. */
public final class Sinks {

    private Sinks() {}

    public static List<String> everythingToldOf(String sync, SyncEvent event) {
        StringWriter text = new StringWriter();
        new EventLog(new PrintWriter(text, true), Style.PLAIN, Clock.systemUTC()).on(sync, event);
        return List.of(
                text.toString(),
                new EventJson(new PrintWriter(text), Clock.systemUTC())
                        .document(sync, event)
                        .toString());
    }
}
