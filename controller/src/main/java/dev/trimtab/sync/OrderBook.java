package dev.trimtab.sync;

import dev.trimtab.kube.ClusterClient;
import java.util.Optional;

/**
 * What people told a sync through its cluster, and what of it was done. A wish to look now is answered when the look is over, so that
 * whoever asks can tell that somebody keeps the sync.
 */
final class OrderBook implements AutoCloseable {

    private final String sync;
    private final News news;
    private final Runnable changed;
    private Optional<Control> control = Optional.empty();
    /** The last wish that was granted. */
    private Optional<Orders.Request> granted = Optional.empty();

    private boolean unanswered;

    /** @param changed told by a watch, on another thread, that there is something new; must only enqueue */
    OrderBook(String sync, News news, Runnable changed) {
        this.sync = sync;
        this.news = news;
        this.changed = changed;
    }

    /**
     * Hears what was said so far, and then everything; one request the first time.
     *
     * @throws dev.trimtab.kube.ApiException when the server does not answer
     */
    void open(ClusterClient cluster) {
        if (control.isEmpty()) {
            Control opened = Control.open(cluster, sync, changed);
            control = Optional.of(opened);
            // A process that begins looks anyway.
            granted = opened.orders().request();
            unanswered = granted.isPresent();
        }
    }

    Orders orders() {
        return control.map(Control::orders).orElse(Orders.NONE);
    }

    /** A wish to look now that was not granted before; it is from here on. */
    Optional<Orders.Request> wish() {
        Optional<Orders.Request> request = orders().request();
        if (request.isEmpty() || request.equals(granted)) {
            return Optional.empty();
        }
        granted = request;
        unanswered = true;
        return request;
    }

    /** The step in which the wish was granted is through. */
    void looked() {
        if (unanswered) {
            unanswered = false;
            news.tell(new SyncEvent.LookedAsAsked(granted.orElseThrow().at()));
        }
    }

    void consumeApproval(String plan) {
        control.ifPresent(heard -> heard.consumeApproval(plan));
    }

    /** Hears nothing more until it is opened again. */
    @Override
    public void close() {
        control.ifPresent(Control::close);
        control = Optional.empty();
    }
}
