package dev.trimtab.sync;

import dev.trimtab.inplace.CloneSetController;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.plan.Claims;
import java.time.Clock;
import java.util.Optional;

/** One cluster for all syncs that go there: one connection, one controller of CloneSets, one list of who holds what. */
public final class SharedCluster implements AutoCloseable {

    private final ClusterClient client;
    private final Clock clock;
    private final Claims claims = new Claims();
    private Optional<CloneSetController> cloneSets = Optional.empty();
    private boolean looked;

    public SharedCluster(ClusterClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    ClusterClient client() {
        return client;
    }

    Claims claims() {
        return claims;
    }

    /**
     * Sees to it that CloneSets are rolled: by OpenKruise where its definition is installed, otherwise by Trimtab.
     *
     * @throws dev.trimtab.kube.ApiException when the cluster does not answer; the next call tries again
     */
    synchronized void runWorkloads() {
        if (looked) {
            return;
        }
        if (CloneSetController.install(client)) {
            CloneSetController controller = new CloneSetController(client, clock);
            controller.start();
            cloneSets = Optional.of(controller);
        }
        looked = true;
    }

    @Override
    public synchronized void close() {
        cloneSets.ifPresent(CloneSetController::close);
        client.close();
    }
}
