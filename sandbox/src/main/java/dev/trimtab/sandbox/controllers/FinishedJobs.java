package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Removes Jobs when {@code ttlSecondsAfterFinished} have passed since their end, and their pods with them. */
final class FinishedJobs implements Controller {

    private final Loop loop;
    private final Informer jobs;

    FinishedJobs(Loop loop, Informers informers) {
        this.loop = loop;
        this.jobs = informers.of("jobs.batch");
    }

    void start() {
        jobs.onChange((before, after) -> {
            if (after != null && expiry(after).isPresent()) {
                loop.enqueue(this, Key.of(after));
            }
        });
    }

    @Override
    public void reconcile(Key key) {
        Optional<ObjectNode> job = jobs.get(key).filter(present -> !ObjectMeta.deleting(present));
        Optional<Instant> expiry = job.flatMap(FinishedJobs::expiry);
        if (job.isEmpty() || expiry.isEmpty()) {
            return;
        }
        if (expiry.get().isAfter(loop.now())) {
            loop.enqueueAt(this, key, expiry.get());
        } else {
            jobs.delete(job.get(), Propagation.FOREGROUND);
        }
    }

    private static Optional<Instant> expiry(JsonNode job) {
        JsonNode seconds = job.path("spec").path("ttlSecondsAfterFinished");
        if (!seconds.isNumber()) {
            return Optional.empty();
        }
        return Stream.of("Complete", "Failed")
                .filter(type -> Conditions.isTrue(job, type))
                .map(type ->
                        ObjectMeta.time(Conditions.find(job, type).path("lastTransitionTime"), ObjectMeta.created(job)))
                .map(end -> end.plusSeconds(seconds.asLong()))
                .findFirst();
    }
}
