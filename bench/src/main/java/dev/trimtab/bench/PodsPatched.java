package dev.trimtab.bench;

import dev.trimtab.sandbox.api.LocalApi;
import java.util.HashSet;
import java.util.Set;

/**
 * Hears from the server, in its own process, when which pod of app {@code web} got the image. Lists of 1,000 pods, asked for again and again, would
 * take a good part of the machine from what is measured.
 */
final class PodsPatched implements AutoCloseable {

    private final String image;
    private final Set<String> patched = new HashSet<>();
    private final AutoCloseable watch;
    private long first;
    private long last;

    PodsPatched(LocalApi api, String image) {
        this.image = image;
        this.watch = api.watch("pods", this::seen);
    }

    private synchronized void seen(LocalApi.Event event) {
        // the pods that pull the image beforehand have it too, and another label
        if (event.object().at("/metadata/labels/app").asText().equals("web")
                && event.object().at("/spec/containers/0/image").asText().equals(image)
                && patched.add(event.object().at("/metadata/uid").asText())) {
            last = System.nanoTime();
            first = patched.size() == 1 ? last : first;
        }
    }

    synchronized int count() {
        return patched.size();
    }

    /** {@link System#nanoTime} of the first pod. */
    synchronized long first() {
        return first;
    }

    /** {@link System#nanoTime} of the latest pod that had not been seen. */
    synchronized long last() {
        return last;
    }

    @Override
    public void close() {
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException("Cannot end the watch of pods", e);
        }
    }
}
