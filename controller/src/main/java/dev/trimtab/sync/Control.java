package dev.trimtab.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ClusterClient.Informer;
import java.util.Optional;

/**
 * Hears what people tell a sync: reads it once, and then watches. At rest that is an open watch and no request. Orders may be
 * asked for on any thread.
 */
final class Control implements AutoCloseable {

    private final ControlObject object;
    private final Runnable onChange;
    private final Informer informer;
    private volatile Orders orders;

    private Control(ClusterClient cluster, String sync, ControlObject object, Orders orders, Runnable onChange) {
        this.object = object;
        this.orders = orders;
        this.onChange = onChange;
        this.informer = cluster.metadataInformer(
                ControlObject.configMaps(cluster),
                Optional.of(Inventory.NAMESPACE),
                ControlObject.selector(sync),
                this::onEvent);
    }

    /**
     * One request, so that a suspension is known before the first write.
     *
     * @param onChange called on the cluster's event thread; must only enqueue
     * @throws dev.trimtab.kube.ApiException when the server does not answer
     */
    static Control open(ClusterClient cluster, String sync, Runnable onChange) {
        ControlObject object = new ControlObject(cluster, sync);
        Orders orders = object.read()
                .map((ObjectNode read) -> Orders.read(read.path("metadata")))
                .orElse(Orders.NONE);
        return new Control(cluster, sync, object, orders, onChange);
    }

    Orders orders() {
        return orders;
    }

    void consumeApproval(String planId) {
        object.consumeApproval(planId);
        Orders known = orders;
        orders = new Orders(Optional.empty(), known.suspension(), known.request());
    }

    private void onEvent(Event event) {
        Orders heard = event.type() == EventType.DELETED
                ? Orders.NONE
                : Orders.read(event.object().path("metadata"));
        if (!heard.equals(orders)) {
            orders = heard;
            onChange.run();
        }
    }

    @Override
    public void close() {
        informer.close();
    }
}
