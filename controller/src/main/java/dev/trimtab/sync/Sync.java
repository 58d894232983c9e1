package dev.trimtab.sync;

import dev.trimtab.drift.Drift;
import dev.trimtab.drift.Drifts;
import dev.trimtab.drift.Healing;
import dev.trimtab.source.Source;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Runs the stations for one source and one cluster, on one thread. Polls, drift and retries come in through an inbox; what
 * waits (a rollout, a backoff) comes back as an event and blocks nothing.
 *
 * <p>A revision that cannot be read changes nothing: the last good one stays in force, and drift from it is still healed.
 */
public final class Sync implements AutoCloseable {

    private static final Duration DEBOUNCE = Duration.ofMillis(200);

    private final ClusterSync spec;
    private final Source source;
    private final Schedule schedule;
    private final Clock clock;
    private final News news;
    private final Inbox inbox = new Inbox(DEBOUNCE);
    private final Drifts drifts = new Drifts();
    private final Knowledge knowledge = new Knowledge();
    private final Reconciler reconciler;
    private final SourcePoll poll;
    /** What should not happen at all. */
    private final Trouble ownTrouble;

    private final Thread thread;
    /** What the last step did not get done. */
    private volatile int left;

    /** Commits follow one another as {@code source} has them. */
    public Sync(
            ClusterSync spec,
            Source source,
            SharedCluster cluster,
            Schedule schedule,
            Clock clock,
            RandomGenerator random,
            SyncListener listener) {
        this(spec, source, source::descends, cluster, schedule, clock, random, listener);
    }

    Sync(
            ClusterSync spec,
            Source source,
            History history,
            SharedCluster cluster,
            Schedule schedule,
            Clock clock,
            RandomGenerator random,
            SyncListener listener) {
        this(spec, source, history, cluster, schedule, clock, random, listener, Healing.Limits.STANDARD);
    }

    Sync(
            ClusterSync spec,
            Source source,
            History history,
            SharedCluster cluster,
            Schedule schedule,
            Clock clock,
            RandomGenerator random,
            SyncListener listener,
            Healing.Limits healing) {
        this.spec = spec;
        this.source = source;
        this.schedule = schedule;
        this.clock = clock;
        this.news = new News(spec, listener, clock);
        InForce inForce = new InForce(spec, source, news);
        Healer healer = new Healer(spec.name(), drifts, new Healing(healing), clock, news);
        Gate gate = new Gate(spec, history);
        NodeKeeper nodes =
                new NodeKeeper(spec, cluster.client(), gate, new Healing(healing), clock, random, news, inbox::nodes);
        this.reconciler = new Reconciler(
                spec,
                source.repository(),
                cluster,
                inForce,
                gate,
                healer,
                nodes,
                clock,
                random,
                news,
                inbox,
                knowledge);
        this.poll = new SourcePoll(spec, source, inForce, reconciler, clock, random, news, knowledge);
        this.ownTrouble = new Trouble(random);
        cluster.onContact(inbox::contact);
        cluster.onRollouts(inbox::health);
        cluster.onFinished(inbox::finished);
        this.thread = new Thread(this::run, "sync-" + spec.name());
        this.thread.setDaemon(true);
    }

    /** Starts the thread and the polls. */
    public void start() {
        thread.start();
        schedule.every("poll-" + spec.name(), spec.interval(), inbox::poll);
    }

    /** Asks the repository now, as if the interval were over; any thread may call. */
    public void poll() {
        inbox.poll();
    }

    private void run() {
        try {
            while (true) {
                Inbox.Batch batch = inbox.take();
                if (batch.stopped()) {
                    return;
                }
                Instant now = clock.instant();
                try {
                    step(batch, now);
                    if (!ownTrouble.waiting(now)) {
                        if (ownTrouble.recovered()) {
                            news.tell(new SyncEvent.Mended());
                        }
                    }
                } catch (RuntimeException e) {
                    // Whatever it is, the next event must still be looked at.
                    ownTrouble.failed(clock.instant());
                    reconciler.requestIfInForce();
                    if (ownTrouble.isNews()) {
                        news.tell(new SyncEvent.Broken(Unforeseen.of(e).text(), e));
                    }
                }
                left = reconciler.left();
                wakeInTime(now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reconciler.close();
            source.close();
        }
    }

    private void step(Inbox.Batch batch, Instant now) {
        reconciler.suspect(batch.suspects());
        if (batch.poll()) {
            poll.request();
        }
        if (batch.contact()) {
            reconciler.contactChanged(now);
        }
        if (batch.orders() && reconciler.hearOrders()) {
            poll.request();
        }
        if (batch.health()) {
            reconciler.healthChanged();
        }
        reconciler.rolloutsFinished(batch.rollouts());
        if (batch.nodes()) {
            reconciler.nodesChanged();
        }
        if (ownTrouble.waiting(now)) {
            return;
        }
        poll.step(now);
        reconciler.step(now);
        reconciler.stepped(now);
    }

    /** Comes back when the first of the waits that hold something up is over. */
    private void wakeInTime(Instant stepBegan) {
        Stream<Instant> troubles = Stream.of(List.of(poll.trouble(), ownTrouble), reconciler.troubles())
                .flatMap(List::stream)
                .flatMap(trouble -> trouble.waitingUntil(stepBegan).stream());
        Stream<Instant> looks = ownTrouble.waiting(stepBegan)
                ? Stream.empty()
                : Stream.concat(reconciler.lookAt(stepBegan), reconciler.healAt().stream());
        Stream.concat(troubles, looks)
                .min(Comparator.naturalOrder())
                .map(end -> Duration.between(clock.instant(), end))
                .ifPresent(wait -> inbox.wakeAfter(wait.isNegative() ? Duration.ZERO : wait));
    }

    /** What stands in the cluster otherwise than in Git right now, ordered by object; any thread may ask. */
    public List<Drift> drifts() {
        return drifts.list();
    }

    /** Whether it was started and works on: what goes wrong does not end it. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** What can be measured right now; any thread may ask. */
    public SyncFigures figures() {
        Map<RetryReason, Long> retries = new EnumMap<>(reconciler.retries());
        retries.put(RetryReason.SOURCE, poll.trouble().total());
        retries.put(RetryReason.INTERNAL, ownTrouble.total());
        return new SyncFigures(
                knowledge.fetched(),
                knowledge.compared(),
                knowledge.applying(),
                drifts.list(),
                alive(),
                inbox.backlog().with(left),
                retries);
    }

    /** Stops after the step at hand. */
    @Override
    public void close() {
        inbox.stop();
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
