package dev.trimtab.sandbox.controllers;

import dev.trimtab.sandbox.api.LocalApi;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Everything that runs beside the API server, on one thread of its own. */
public final class StandIns implements AutoCloseable {

    private final Loop loop;
    private final Informers informers;
    private final SystemAlarm alarm;
    private final Index podsByNode;

    private StandIns(LocalApi api) {
        alarm = new SystemAlarm(api.clock());
        loop = new Loop(api.clock(), api.clock() instanceof Alarm virtual ? virtual : alarm);
        informers = new Informers(api, loop);
        podsByNode = informers
                .of("pods")
                .index(new Index(pod ->
                        Stream.of(pod.path("spec").path("nodeName").asText()).filter(node -> !node.isEmpty())));
    }

    /** Starts the stand-ins with quick kubelets. */
    public static StandIns start(LocalApi api, List<String> nodeNames) {
        return start(api, nodeNames, KubeletTimes.quick());
    }

    /**
     * Registers nodes that are not there yet and starts the stand-ins. A clock of the API that is an {@link Alarm} too
     * decides when anything that waits goes on; any other clock is taken to run by itself.
     *
     * @return closing it stops the stand-ins within moments and leaves every object as it is
     */
    public static StandIns start(LocalApi api, List<String> nodeNames, KubeletTimes times) {
        StandIns all = new StandIns(api);
        all.startMachines(nodeNames, node -> true, times);
        all.startControllers(api);
        all.begin(api);
        return all;
    }

    /**
     * Registers these nodes, and starts them and their kubelets only, for a control plane that has everything else. Whatever
     * other nodes it has are left alone.
     */
    public static StandIns machines(LocalApi api, List<String> nodeNames, KubeletTimes times) {
        StandIns machines = new StandIns(api);
        machines.startMachines(nodeNames, nodeNames::contains, times);
        new NodeLeases(machines.loop, machines.informers, nodeNames::contains).start();
        machines.begin(api);
        return machines;
    }

    private void begin(LocalApi api) {
        loop.start();
        if (api.clock() instanceof Alarm virtual) {
            virtual.restBefore(() -> loop.finishWork(informers::catchUp));
        }
    }

    private void startMachines(List<String> nodeNames, Predicate<String> ours, KubeletTimes times) {
        new Nodes(loop, informers, ours).start(nodeNames);
        new Kubelets(loop, informers, podsByNode, ours, times).start();
    }

    private void startControllers(LocalApi api) {
        new Scheduler(loop, informers, podsByNode).start();
        new ReplicaSets(loop, informers).start();
        new Deployments(loop, informers).start();
        new StatefulSets(loop, informers).start();
        new DaemonSets(loop, informers).start();
        new Jobs(loop, informers).start();
        new FinishedJobs(loop, informers).start();
        new EndpointSlices(loop, informers).start();
        new DisruptionBudgets(loop, informers).start();
        OwnerGraph graph = new OwnerGraph(loop, api, informers);
        graph.start();
        new GarbageCollector(loop, graph).start();
        new Namespaces(loop, api, informers, graph).start();
    }

    @Override
    public void close() {
        informers.close();
        loop.close();
        alarm.close();
    }
}
