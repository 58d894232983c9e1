package dev.trimtab.cli;

import dev.trimtab.kube.ClusterClient;
import dev.trimtab.sync.ControlObject;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which sync a person talks to, and in whose name. What is said is kept in the cluster; the controller hears it by a watch. */
final class ControlOptions {

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", paramLabel = "NAME", description = "the sync")
    private String sync;

    @Option(
            names = "--by",
            paramLabel = "WHO",
            defaultValue = "${sys:user.name}",
            description = "who says it, for the record (default: ${DEFAULT-VALUE})")
    private String by;

    String sync() {
        return sync;
    }

    String by() {
        return by;
    }

    /** Says it, and warns when nobody may be there to hear. */
    void tell(CommonOptions common, Consumer<ControlObject> order) {
        SyncNames.check(sync);
        try (ClusterClient client = cluster.connect()) {
            ControlObject control = new ControlObject(client, sync);
            if (!control.syncIsKnown()) {
                common.err()
                        .println("note: no sync \"" + sync + "\" has applied anything to cluster " + client.name()
                                + " yet; is the name right?");
                common.err().flush();
            }
            order.accept(control);
        }
    }
}
