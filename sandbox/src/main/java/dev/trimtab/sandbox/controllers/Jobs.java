package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import dev.trimtab.sandbox.api.StatusException;
import dev.trimtab.sandbox.controllers.JobVerdict.End;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Job controller: pods until enough of them have succeeded or too many have failed. A pod that has ended is first noted in
 * the status, then let go, then counted, so that each is counted once whatever stops in between. The end of a Job is announced
 * before it is declared, and declared when nothing of it runs any more.
 */
final class Jobs implements Controller {

    static final String TRACKING = "batch.kubernetes.io/job-tracking";

    private static final String MANAGER = "kube-controller-manager";
    private static final String ITSELF = "kubernetes.io/job-controller";

    private final Loop loop;
    private final Informer jobs;
    private final Informer pods;
    private final Ownership ownership;
    private final Index tracked;
    private final Controller strays = this::releaseStrays;
    private final Map<Key, JobBackOff> backOffs = new HashMap<>();

    Jobs(Loop loop, Informers informers) {
        this.loop = loop;
        this.jobs = informers.of("jobs.batch");
        this.pods = informers.of("pods");
        this.ownership = new Ownership(jobs, pods, "batch/v1", "Job", TRACKING);
        this.tracked = pods.index(new Index(pod ->
                ObjectMeta.hasFinalizer(pod, TRACKING) ? Stream.of(Key.of(pod).namespace()) : Stream.empty()));
    }

    void start() {
        jobs.onChange((before, after) -> {
            ObjectNode job = after != null ? after : before;
            if (job != null) {
                loop.enqueue(this, Key.of(job));
            }
        });
        pods.onChange(this::podChanged);
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        for (ObjectNode pod : new @Nullable ObjectNode[] {before, after}) {
            if (pod != null) {
                ownership.forOwnersOf(pod, key -> loop.enqueue(this, key));
            }
        }
        if (after != null && ObjectMeta.controllerUid(after).isEmpty() && ObjectMeta.hasFinalizer(after, TRACKING)) {
            loop.enqueue(strays, new Key(Key.of(after).namespace(), ""));
        }
    }

    @Override
    public void reconcile(Key key) {
        Optional<ObjectNode> present = jobs.get(key);
        if (present.isEmpty() || JobStatus.finished(present.get())) {
            backOffs.remove(key);
            releaseStrays(key);
            return;
        }
        ObjectNode job = present.get();
        String managedBy = job.path("spec").path("managedBy").asText(ITSELF);
        if (managedBy.equals(ITSELF)) {
            sync(job);
        }
    }

    /** Pods whose Job is gone or has ended are nobody's to count. */
    private void releaseStrays(Key namespace) {
        tracked.get(namespace.namespace()).stream().filter(this::isStray).forEach(this::release);
    }

    private boolean isStray(ObjectNode pod) {
        for (JsonNode owner : ObjectMeta.owners(pod)) {
            if (owner.path("controller").asBoolean()) {
                Key key = new Key(Key.of(pod).namespace(), owner.path("name").asText());
                return owner.path("kind").asText().equals("Job")
                        && jobs.get(key)
                                .filter(job -> ObjectMeta.uid(job).equals(ObjectMeta.ownerUid(owner)))
                                .filter(job -> !JobStatus.finished(job))
                                .isEmpty();
            }
        }
        return true;
    }

    private void sync(ObjectNode job) {
        Key key = Key.of(job);
        Instant now = loop.now();
        List<ObjectNode> owned =
                ownership.claim(job, Selector.of(job.path("spec").path("selector")));
        JobPods present = JobPods.of(job, owned);
        JobBackOff backOff =
                backOffs.getOrDefault(key, JobBackOff.NONE).after(present.newlySucceeded(), present.newlyFailed());
        JobStatus status = new JobStatus(job, now);
        status.start();
        Optional<End> end = JobVerdict.of(job, status.json(), present, now);
        Optional<StatusException> failure = Optional.empty();
        if (end.isPresent()) {
            present.active().forEach(pod -> pods.delete(pod, Propagation.BACKGROUND));
        } else if (!ObjectMeta.deleting(job)) {
            failure = scale(job, present, backOff);
        }
        present = JobPods.of(
                job,
                pods.ownedBy(ObjectMeta.uid(job)).stream()
                        .filter(pod -> ObjectMeta.controlledBy(pod, job))
                        .toList());
        if (end.isEmpty()) {
            end = JobVerdict.success(job, present);
            if (end.isEmpty() && !ObjectMeta.deleting(job)) {
                status.suspended(job.path("spec").path("suspend").asBoolean());
            }
        }
        settle(job, status, present, end, backOff);
        JobVerdict.deadline(job, status.json())
                .filter(at -> at.isAfter(now))
                .ifPresent(at -> loop.enqueueAt(this, key, at));
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** Notes the ended pods, lets them go, counts them, and then says whether that was all. */
    private void settle(ObjectNode job, JobStatus status, JobPods present, Optional<End> end, JobBackOff backOff) {
        status.count(present);
        end.ifPresent(status::announce);
        List<ObjectNode> ended = present.countable(end);
        status.note(present, ended, end);
        ObjectNode written = write(job, status);
        backOffs.put(Key.of(job), backOff);
        ended.forEach(this::release);
        JobStatus counted = new JobStatus(written, loop.now());
        counted.countNoted();
        if (end.isPresent() && counted.json().path("terminating").asInt() == 0) {
            counted.declare(end.get());
        }
        write(written, counted);
    }

    private ObjectNode write(ObjectNode job, JobStatus status) {
        if (Trees.same(status.json(), job.path("status")) && job.path("status").has("uncountedTerminatedPods")) {
            return job;
        }
        ObjectNode changed = job.deepCopy();
        changed.set("status", status.json());
        return jobs.updateStatus(changed, MANAGER);
    }

    private Optional<StatusException> scale(ObjectNode job, JobPods present, JobBackOff backOff) {
        int wanted = present.wanted();
        List<ObjectNode> superfluous = present.superfluous(wanted, loop.now());
        for (ObjectNode pod : superfluous) {
            release(pod);
            pods.delete(pod, Propagation.BACKGROUND);
        }
        int missing = wanted - present.active().size() - present.holdingTheirPlace();
        if (!superfluous.isEmpty() || missing <= 0) {
            return Optional.empty();
        }
        Optional<Instant> earliest = backOff.earliest().filter(at -> at.isAfter(loop.now()));
        if (earliest.isPresent()) {
            loop.enqueueAt(this, Key.of(job), earliest.get());
            return Optional.empty();
        }
        ObjectNode reference = ownership.reference(job);
        for (Optional<Integer> index : present.nextIndexes(missing)) {
            try {
                pods.create(JobPods.pod(job, reference, index), MANAGER);
            } catch (StatusException e) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    private void release(ObjectNode pod) {
        Optional<ObjectNode> current = pods.get(Key.of(pod))
                .filter(there -> ObjectMeta.uid(there).equals(ObjectMeta.uid(pod)))
                .filter(there -> ObjectMeta.hasFinalizer(there, TRACKING));
        if (current.isPresent()) {
            pods.update(ObjectMeta.withoutFinalizer(current.get(), TRACKING), MANAGER);
        }
    }
}
