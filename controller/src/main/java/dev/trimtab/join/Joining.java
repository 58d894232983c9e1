package dev.trimtab.join;

import dev.trimtab.bootstrap.Bootstrap;
import dev.trimtab.bootstrap.FileTree;
import dev.trimtab.bootstrap.Registration;
import dev.trimtab.bootstrap.join.ClusterFacts;
import dev.trimtab.bootstrap.join.FactReader;
import dev.trimtab.bootstrap.join.Host;
import dev.trimtab.bootstrap.join.HostException;
import dev.trimtab.bootstrap.join.HostFacts;
import dev.trimtab.bootstrap.join.JoinCode;
import dev.trimtab.bootstrap.join.JoinPlan;
import dev.trimtab.bootstrap.join.JoinPlanner;
import dev.trimtab.bootstrap.join.Obstacle;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Inventory;
import dev.trimtab.kube.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Makes machines nodes of a cluster that is there: looks at each of them, then carries out what was approved. Control planes go one
 * after the other, since etcd takes one new member at a time; workers go in parallel. A machine that fails stops itself alone.
 */
public final class Joining {

    private final Definition definition;
    private final FileTree tree;
    private final Hosts hosts;
    private final LiveCluster live;
    private final BootstrapTokens tokens;
    private final Clock clock;
    private final Options options;
    private final Optional<NodeMetadata> metadata;
    private final Progress progress;
    private final Redactor redactor = new Redactor();

    /**
     * @param parallel how many machines at once
     * @param reset whether what is left of a broken join may be cleared away
     * @param pullImages whether images are pulled before a machine joins
     * @param readyLimit how long a node may take to become ready
     */
    public record Options(int parallel, boolean reset, boolean pullImages, Duration readyLimit) {}

    /**
     * @param definition without an error, with a cluster
     * @param metadata empty when nobody is known in whose name a node gets its labels and taints
     */
    public Joining(
            Definition definition,
            Hosts hosts,
            LiveCluster live,
            BootstrapTokens tokens,
            Clock clock,
            Options options,
            Optional<NodeMetadata> metadata,
            Progress progress) {
        this.definition = definition;
        // Where nobody would take the taint away, none is given.
        this.tree = Bootstrap.render(
                definition,
                metadata.filter(NodeMetadata::keepsTaints).isPresent() ? Registration.TAINTED : Registration.PLAIN);
        this.metadata = metadata;
        this.hosts = hosts;
        this.live = live;
        this.tokens = tokens;
        this.clock = clock;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Looks at machines and changes nothing.
     *
     * @param names of nodes that should be part of the cluster
     * @throws HostException when the cluster does not tell what is needed
     * @throws ApiException when the cluster does not answer
     */
    public List<Survey> survey(List<String> names) {
        ClusterFacts facts = live.facts();
        return apart(inParallel(names, name -> survey(name, facts)));
    }

    private Survey survey(String name, ClusterFacts facts) {
        Inventory.Node node = node(name);
        FileTree folder = folder(name);
        progress.phase(name, Phase.FACTS, "looking at " + node.sshAddress());
        try (Host host = connect(node)) {
            HostFacts found = new FactReader(clock).read(host, folder);
            JoinPlan plan = planner(facts).plan(node, folder, found);
            progress.phase(
                    name,
                    Phase.PLAN,
                    plan.standing().state().shown() + "; " + plan.action().shown());
            return Survey.of(plan);
        } catch (HostException e) {
            return Survey.unanswered(name, e.obstacle());
        } catch (RuntimeException e) {
            return Survey.unanswered(name, unforeseen(e));
        }
    }

    /** A mistake of ours with one machine must not stop the others. */
    Obstacle unforeseen(RuntimeException e) {
        return new Obstacle(
                JoinCode.JOI006,
                "something unforeseen happened: " + redactor.redact(e.toString()),
                "run it again with --verbose and report what it says");
    }

    /** Copies of one machine would take each other's place in the cluster. */
    private static List<Survey> apart(List<Survey> surveys) {
        Map<String, String> firsts = new HashMap<>();
        List<Survey> apart = new ArrayList<>();
        for (Survey survey : surveys) {
            Optional<String> other = survey.plan()
                    .flatMap(plan -> Optional.ofNullable(firsts.putIfAbsent(plan.machineId(), plan.node())));
            apart.add(other.map(name -> survey.refused(new Obstacle(
                            JoinCode.JOI010,
                            survey.node() + " has the machine-id of " + name,
                            "the machine is a copy of the other one: give it its own (systemd-machine-id-setup)")))
                    .orElse(survey));
        }
        return apart;
    }

    /**
     * Carries out what was surveyed.
     *
     * @param approved digests of the plans that may be carried out; empty means all of them
     * @return in the order of the surveys
     */
    public List<JoinResult> carryOut(List<Survey> surveys, Optional<Set<String>> approved) {
        Map<String, JoinResult> results = new LinkedHashMap<>();
        surveys.forEach(survey -> results.put(
                survey.node(),
                new JoinResult(survey.node(), JoinResult.Outcome.FAILED, 0, "was not reached", Optional.empty())));
        List<JoinPlan> controlPlanes = new ArrayList<>();
        List<JoinPlan> workers = new ArrayList<>();
        for (Survey survey : surveys) {
            Optional<JoinResult> settled = settled(survey, approved);
            if (settled.isPresent()) {
                results.put(survey.node(), settled.get());
            } else {
                JoinPlan plan = survey.plan().orElseThrow();
                (plan.controlPlane() ? controlPlanes : workers).add(plan);
            }
        }
        if (controlPlanes.size() + workers.size() > 0) {
            tokens.deleteExpired();
        }
        controlPlanes.forEach(plan -> results.put(plan.node(), carryOut(plan)));
        inParallel(workers, this::carryOut).forEach(result -> results.put(result.node(), result));
        return List.copyOf(results.values());
    }

    /** What is settled before anything is done; a machine that would be worked on counts as well. */
    public List<JoinResult> preview(List<Survey> surveys) {
        return surveys.stream()
                .map(survey -> settled(survey, Optional.empty())
                        .orElse(new JoinResult(
                                survey.node(), JoinResult.Outcome.UNCHANGED, 0, "is planned", Optional.empty())))
                .toList();
    }

    private static Optional<JoinResult> settled(Survey survey, Optional<Set<String>> approved) {
        if (survey.obstacle().isPresent()) {
            return Optional.of(JoinResult.of(survey.node(), survey.obstacle().get(), 0));
        }
        JoinPlan plan = survey.plan().orElseThrow();
        if (plan.action() == JoinPlan.Action.NOTHING) {
            return Optional.of(new JoinResult(
                    survey.node(), JoinResult.Outcome.UNCHANGED, 0, "is as it should be", Optional.empty()));
        }
        String digest = plan.digest().value();
        if (approved.isPresent() && !approved.get().contains(digest)) {
            return Optional.of(JoinResult.of(
                    survey.node(),
                    new Obstacle(
                            JoinCode.JOI012,
                            "the plan of " + survey.node() + " is " + digest + ", which was not approved",
                            "read the new plan, then give its digest with --plan"),
                    0));
        }
        return Optional.empty();
    }

    private JoinResult carryOut(JoinPlan plan) {
        return new NodeJoin(this, plan).carryOut();
    }

    private <T, R> List<R> inParallel(List<T> items, Function<T, R> work) {
        if (items.isEmpty()) {
            return List.of();
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(options.parallel(), items.size()));
        try {
            List<Future<R>> running = items.stream()
                    .map(item -> threads.submit(() -> work.apply(item)))
                    .toList();
            List<R> done = new ArrayList<>();
            for (Future<R> one : running) {
                done.add(one.get());
            }
            return done;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while machines were worked on", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    Host connect(Inventory.Node node) {
        return new RecordedHost(hosts.connect(node), redactor, line -> progress.transcript(node.name(), line));
    }

    Inventory.Node node(String name) {
        return definition.inventory().effectiveNodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Those that should be part of the cluster. */
    List<Inventory.Node> controlPlanes() {
        return definition.inventory().effectiveNodes().stream()
                .filter(Inventory.Node::isPresent)
                .filter(Inventory.Node::isControlPlane)
                .toList();
    }

    FileTree folder(String node) {
        return tree.below("nodes/" + node);
    }

    List<String> images() {
        return options.pullImages()
                ? tree.files()
                        .getOrDefault("images.txt", "")
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList()
                : List.of();
    }

    private JoinPlanner planner(ClusterFacts facts) {
        return new JoinPlanner(
                cluster(), facts, joinLimit(), options.reset(), images(), metadata.map(NodeMetadata::sync));
    }

    Cluster cluster() {
        return definition.cluster().orElseThrow();
    }

    String kubeadmApi() {
        return definition
                .versions()
                .forKubernetes(cluster().kubernetesVersion())
                .orElseThrow()
                .kubeadmApi();
    }

    /** Longer than its token lives no join goes on. */
    Duration joinLimit() {
        Duration ttl = cluster().tokens().ttl();
        return ttl.compareTo(BootstrapTokens.LONGEST) > 0 ? BootstrapTokens.LONGEST : ttl;
    }

    LiveCluster live() {
        return live;
    }

    BootstrapTokens tokens() {
        return tokens;
    }

    NodeReports reports() {
        return live.reports();
    }

    Optional<NodeMetadata> metadata() {
        return metadata;
    }

    Redactor redactor() {
        return redactor;
    }

    Progress progress() {
        return progress;
    }

    Duration readyLimit() {
        return options.readyLimit();
    }
}
