package dev.trimtab.sync;

import dev.trimtab.inplace.CloneSetController;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.inplace.RolloutProgress;
import dev.trimtab.inplace.rollout.Fallback;
import dev.trimtab.inplace.rollout.RolloutController;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ContactListener;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Claims;
import dev.trimtab.source.KeyFiles;
import dev.trimtab.source.TrustedKeys;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One cluster for all syncs that go there: one connection, one controller of CloneSets, one list of who holds what. */
public final class SharedCluster implements AutoCloseable {

    private final ClusterClient client;
    private final Clock clock;
    private final Claims claims = new Claims();
    private Optional<CloneSetController> cloneSets = Optional.empty();
    private Optional<RolloutController> rollouts = Optional.empty();
    private boolean looked;
    private Optional<String> uid = Optional.empty();
    private final List<Runnable> onContact = new CopyOnWriteArrayList<>();
    private final List<Runnable> onRollouts = new CopyOnWriteArrayList<>();
    private final List<Consumer<Fallback>> onFallback = new CopyOnWriteArrayList<>();
    private final List<Consumer<RolloutFinished>> onFinished = new CopyOnWriteArrayList<>();
    private volatile boolean silent;

    public SharedCluster(ClusterClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        client.onContact(new ContactListener() {
            @Override
            public void lost(String reason) {
                silent = true;
                onContact.forEach(Runnable::run);
            }

            @Override
            public void regained() {
                silent = false;
                onContact.forEach(Runnable::run);
            }
        });
    }

    /** @param changed runs on the client's threads when the cluster stops or begins to answer; must only enqueue */
    void onContact(Runnable changed) {
        onContact.add(changed);
    }

    /** @param changed runs on threads of watches when {@link #halted} may have changed; must only enqueue */
    void onRollouts(Runnable changed) {
        onRollouts.add(changed);
    }

    /** The workloads whose rollout in place goes no further, and why. */
    synchronized Map<ObjectKey, String> halted() {
        return rollouts.map(RolloutController::halted).orElse(Map.of());
    }

    /** How far the rollouts are that Trimtab makes. */
    public synchronized List<RolloutProgress> rollouts() {
        List<RolloutProgress> all = new ArrayList<>();
        rollouts.ifPresent(controller -> all.addAll(controller.progress()));
        cloneSets.ifPresent(controller -> all.addAll(controller.progress()));
        return all;
    }

    /** @param fellBack told each time that a rollout in place is left to the workload's own controller, which replaces pods */
    public void onFallback(Consumer<Fallback> fellBack) {
        onFallback.add(fellBack);
    }

    /** @param finished told on threads of rollouts each time that one came to its end; must only enqueue */
    void onFinished(Consumer<RolloutFinished> finished) {
        onFinished.add(finished);
    }

    private void finished(RolloutFinished rollout) {
        onFinished.forEach(heard -> heard.accept(rollout));
    }

    /** What the cluster is called. */
    public String name() {
        return client.name();
    }

    /** How many watches are open. */
    public int watches() {
        return client.informers();
    }

    /** Whether the last attempt had no answer. */
    public boolean silent() {
        return silent;
    }

    /** Another cluster, with this identity, is at the address; what was set up in the old one is gone. Each sync may say so. */
    synchronized void replacedBy(String identity) {
        if (!uid.equals(Optional.of(identity))) {
            uid = Optional.of(identity);
            cloneSets.ifPresent(CloneSetController::close);
            cloneSets = Optional.empty();
            rollouts.ifPresent(RolloutController::close);
            rollouts = Optional.empty();
            looked = false;
        }
    }

    /** The keys that a sync to this cluster trusts, from files and from the cluster. */
    public TrustedKeys trustedKeys(ClusterSync.VerifySpec verify) {
        TrustedKeys files = new KeyFiles(verify.keyFiles());
        Optional<TrustedKeys> secret = verify.secret().map(name -> new SecretKeys(client, name));
        return () -> Stream.concat(Stream.of(files), secret.stream())
                .flatMap(keys -> keys.read().stream())
                .toList();
    }

    /** The connection, for those who tell the cluster something of their own. */
    public ClusterClient client() {
        return client;
    }

    Claims claims() {
        return claims;
    }

    /**
     * Sees to it that workloads are rolled: CloneSets by OpenKruise where its manager is, otherwise by Trimtab, and those of Kubernetes' own kinds that are rolled in place by Trimtab.
     *
     * @throws dev.trimtab.kube.ApiException when the cluster does not answer; the next call tries again
     */
    synchronized void runWorkloads() {
        if (looked) {
            return;
        }
        CloneSetController.install(client);
        if (cloneSets.isEmpty()) {
            CloneSetController controller = new CloneSetController(client, clock);
            controller.onFinished(this::finished);
            controller.start();
            cloneSets = Optional.of(controller);
        }
        if (rollouts.isEmpty()) {
            RolloutController controller = new RolloutController(client, clock);
            controller.onChange(() -> onRollouts.forEach(Runnable::run));
            controller.onFinished(this::finished);
            controller.onFallback(why -> onFallback.forEach(heard -> heard.accept(why)));
            controller.start();
            rollouts = Optional.of(controller);
        }
        looked = true;
    }

    @Override
    public synchronized void close() {
        cloneSets.ifPresent(CloneSetController::close);
        rollouts.ifPresent(RolloutController::close);
        client.close();
    }
}
