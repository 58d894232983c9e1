package dev.trimtab.sandbox.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An open watch. */
final class Events implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 15;
    private static final Event END = new Event("end of stream", MissingNode.getInstance());

    record Event(String type, JsonNode object) {

        String name() {
            return object.at("/metadata/name").asText();
        }

        /** For instance {@code ADDED a}. */
        @Override
        public String toString() {
            return (type + " " + name()).strip();
        }
    }

    private final int code;
    private final InputStream stream;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    Events(int code, InputStream stream) {
        this.code = code;
        this.stream = stream;
        Thread reader = new Thread(this::read, "conformance-watch");
        reader.setDaemon(true);
        reader.start();
    }

    /** The HTTP code: 200, or that of a Status which then is the one event's object. */
    int code() {
        return code;
    }

    /** Waits for the next event; one of type {@code end of stream} if there is none any more. */
    Event next() {
        try {
            Event event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event within " + PATIENCE_SECONDS + " s");
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = json.readTree(line);
                events.add(
                        code == 200
                                ? new Event(event.path("type").asText(), event.path("object"))
                                : new Event("", event));
            }
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        } catch (IOException closed) {
            // By the server or by this test: both are the end of the stream.
        } finally {
            events.add(END);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
