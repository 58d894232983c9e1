package dev.trimtab.sync;

import dev.trimtab.codes.Code;
import dev.trimtab.source.Revision;
import dev.trimtab.source.Source;
import dev.trimtab.source.SourceException;
import dev.trimtab.source.Verification;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Asks the repository where its ref points to, and reads what is new there. */
final class SourcePoll {

    private final Source source;
    private final InForce inForce;
    private final Reconciler reconciler;
    private final Clock clock;
    private final News news;
    private final Trouble trouble;
    /** Where all commits have to be signed, those that an earlier process applied are the ones to begin with. */
    private final boolean appliedMatters;

    private final Knowledge knowledge;

    private boolean due;
    private Optional<Revision> head = Optional.empty();
    /** A repository that did not answer may answer with something that nobody signed: then that is news. */
    private Optional<Code> told = Optional.empty();

    SourcePoll(
            ClusterSync spec,
            Source source,
            InForce inForce,
            Reconciler reconciler,
            Clock clock,
            RandomGenerator random,
            News news,
            Knowledge knowledge) {
        this.appliedMatters = spec.source()
                .verify()
                .filter(verify -> verify.scope() == Verification.Scope.ALL)
                .isPresent();
        this.source = source;
        this.inForce = inForce;
        this.reconciler = reconciler;
        this.clock = clock;
        this.news = news;
        this.knowledge = knowledge;
        this.trouble = new Trouble(random);
    }

    Trouble trouble() {
        return trouble;
    }

    /** The next step polls, unless the repository failed a moment ago. */
    void request() {
        due = true;
    }

    void step(Instant now) {
        if (!due || trouble.waiting(now)) {
            return;
        }
        if (appliedMatters && head.isEmpty() && !reconciler.knowsApplied()) {
            // Comes back by itself once the cluster told.
            return;
        }
        due = false;
        try {
            poll();
            if (trouble.recovered()) {
                news.tell(new SyncEvent.SourceRecovered());
            }
        } catch (SourceException e) {
            due = true;
            Duration wait = trouble.failed(clock.instant());
            if (trouble.isNews() || !told.equals(Optional.of(e.code()))) {
                told = Optional.of(e.code());
                inForce.lookBack();
                news.tell(new SyncEvent.SourceFailed(
                        e.getMessage() + " [" + e.code().id() + "]", wait));
            }
        }
    }

    private void poll() {
        Revision revision = source.poll(head, head.or(this::applied));
        knowledge.fetched(clock.instant());
        boolean known = head.map(Revision::commit).equals(Optional.of(revision.commit()));
        if (!known) {
            head = Optional.of(revision);
            news.tell(new SyncEvent.RevisionFound(revision));
            reconciler.forgetFailures();
        }
        if (inForce.read(revision)) {
            reconciler.request();
        }
    }

    private Optional<Revision> applied() {
        return appliedMatters ? reconciler.applied() : Optional.empty();
    }
}
