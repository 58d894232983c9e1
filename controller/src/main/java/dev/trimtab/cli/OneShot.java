package dev.trimtab.cli;

import dev.trimtab.apply.Applier;
import dev.trimtab.apply.Inventory;
import dev.trimtab.apply.Outcome;
import dev.trimtab.definition.Definition;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.nodes.DeclaredNodes;
import dev.trimtab.nodes.DrainTerms;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.nodes.Nodes;
import dev.trimtab.plan.ConfigMarks;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanRequest;
import dev.trimtab.plan.Planner;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Renderer;
import dev.trimtab.review.ProblemText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** One pass over the stations for a folder, without a controller. */
final class OneShot {

    @ArgGroup(multiplicity = "1")
    private DefinitionFolder folder;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "the cluster in clusters/NAME/, where there are several")
    private @Nullable String cluster;

    @Option(
            names = "--sync",
            paramLabel = "NAME",
            defaultValue = SyncNames.LOCAL,
            description = "the sync that owns the objects (default: ${DEFAULT-VALUE})")
    private String sync;

    Prepared prepare(ClusterOptions clusterOptions, CommonOptions common) {
        SyncNames.check(sync);
        Path directory = folder.path();
        Definition definition = FolderOptions.read(directory, Optional.ofNullable(cluster));
        ProblemText text = new ProblemText(directory, common.style());
        definition.problems().forEach(problem -> common.err().println(text.of(problem)));
        if (definition.refused()) {
            return new Prepared(Optional.empty(), Optional.empty(), Optional.empty(), sync, directory.toString());
        }
        ClusterClient client = clusterOptions.connect();
        SyncHint.tell(client, sync, () -> Inventory.load(client, sync), common.err());
        return new Prepared(
                Optional.of(client),
                Optional.of(ConfigMarks.on(
                        new Renderer().render(definition, sync), UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE)),
                DeclaredNodes.of(definition),
                sync,
                directory.toString());
    }

    /** A definition that was read, and the cluster it is meant for. */
    record Prepared(
            Optional<ClusterClient> client,
            Optional<Desired> desired,
            Optional<DeclaredNodes> declaredNodes,
            String sync,
            String repository)
            implements AutoCloseable {

        /** Whether the definition cannot be used; its problems were told. */
        boolean refused() {
            return desired.isEmpty();
        }

        Plan plan() {
            Inventory inventory = Inventory.load(client.orElseThrow(), sync);
            return new Planner(client.orElseThrow(), sync, Clock.systemUTC())
                    .plan(new PlanRequest(
                            repository,
                            inventory.lastApplied(),
                            desired.orElseThrow(),
                            inventory.keys(),
                            inventory.kept(),
                            Set.of(),
                            false));
        }

        /** What is to be done to nodes; empty when the definition has none. */
        Optional<NodePlan> planNodes(DrainTerms drain) {
            return declaredNodes.map(declared -> nodes().plan(declared, drain));
        }

        Nodes nodes() {
            return new Nodes(client.orElseThrow(), sync, Clock.systemUTC());
        }

        /** Carries out a plan and, when all of it went well, remembers it as applied. */
        Outcome apply(Plan plan) {
            Inventory inventory = Inventory.load(client.orElseThrow(), sync);
            Outcome outcome = new Applier(client.orElseThrow(), sync, inventory, Clock.systemUTC())
                    .apply(plan, desired.orElseThrow());
            if (outcome.succeeded() && plan.complete()) {
                inventory.recordApplied(desired.orElseThrow().revision());
            }
            return outcome;
        }

        Completing completing(PrintWriter err, Instant end) {
            return new Completing(client.orElseThrow(), sync, err, end);
        }

        boolean well(Completing completing, Collection<ObjectKey> objects) {
            return completing.well(objects, desired.orElseThrow());
        }

        @Override
        public void close() {
            client.ifPresent(ClusterClient::close);
        }
    }
}
