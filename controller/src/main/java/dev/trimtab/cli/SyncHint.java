package dev.trimtab.cli;

import dev.trimtab.apply.Inventory;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.report.StatusObject;
import dev.trimtab.report.StatusObject.Kept;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;

/**
 * Whoever names no sync asks after the default one. Where that has never applied anything, and controllers keep the cluster under
 * other names, every object would be somebody else's, and the answer of little use.
 */
final class SyncHint {

    private SyncHint() {}

    /** @param inventory of {@code sync}; asked for only where a hint may be due */
    static void tell(ClusterClient client, String sync, Supplier<Inventory> inventory, PrintWriter err) {
        if (!sync.equals(SyncNames.LOCAL)) {
            return;
        }
        List<String> others = others(client, inventory);
        if (!others.isEmpty()) {
            err.println("hint: this is asked for sync " + sync
                    + ", which has applied nothing here; this cluster is kept by " + String.join(", ", others)
                    + ": to ask for that, add --sync " + others.get(0));
            err.flush();
        }
    }

    /** A hint is no reason to fail for those who may not read how syncs stand. */
    private static List<String> others(ClusterClient client, Supplier<Inventory> inventory) {
        try {
            return inventory.get().lastApplied().isPresent()
                    ? List.of()
                    : StatusObject.list(client).stream().map(Kept::sync).toList();
        } catch (ApiException unreadable) {
            return List.of();
        }
    }
}
