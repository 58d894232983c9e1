package dev.trimtab.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.Fanout;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.DesiredObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks the server what applying would change. Nothing is written: every difference is the server's own answer to a
 * dry-run apply, so defaults and admission are in it.
 */
public final class Planner {

    /** How many objects are asked for side by side. */
    private static final int WIDTH = 8;

    private static final Comparator<Change> BY_RISK = Comparator.comparing((Change change) -> !change.isDangerous())
            .thenComparing(Change::action)
            .thenComparing(Change::object);

    private final ClusterClient cluster;
    private final String syncName;
    private final Claims claims;
    private final Clock clock;
    private final ObjectPlanner objects;
    private final DeletePlanner deletes;
    private final Fanout fanout = new Fanout(WIDTH);
    private volatile Optional<Plan.ClusterId> identity = Optional.empty();

    /**
     * @param syncName whose label and field manager the objects carry
     */
    public Planner(ClusterClient cluster, String syncName, Clock clock) {
        this(cluster, syncName, new Claims(), PodDetail.NAMES, UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE, clock);
    }

    /**
     * @param claims of all syncs of this process that go to the cluster
     * @param policy for running pods of Kubernetes' own workloads that do not say it themselves
     */
    public Planner(
            ClusterClient cluster,
            String syncName,
            Claims claims,
            PodDetail detail,
            UpdateStrategy.Policy policy,
            Clock clock) {
        this.cluster = cluster;
        this.syncName = syncName;
        this.claims = claims;
        this.clock = clock;
        this.objects = new ObjectPlanner(cluster, syncName, detail, policy, clock);
        this.deletes = new DeletePlanner(cluster, syncName);
    }

    /**
     * Plans one revision. An object that cannot be compared becomes a problem of the plan and does not stop the others.
     *
     * @throws ApiException when the server does not answer at all
     */
    public Plan plan(PlanRequest request) {
        Instant readAt = clock.instant();
        Map<ObjectKey, String> taken =
                claims.claim(syncName, request.desired().objects().keySet());
        List<DesiredObject> asked = request.desired().objects().values().stream()
                .filter(object -> !request.confirmed().contains(object.key()))
                .filter(object -> !taken.containsKey(object.key()))
                .toList();
        List<DesiredObject> namespaces =
                asked.stream().filter(object -> isNamespace(object.key())).toList();
        List<DesiredObject> others =
                asked.stream().filter(object -> !isNamespace(object.key())).toList();
        // Namespaces first: whether they are there decides what can be asked about the others.
        List<Finding> findings =
                new ArrayList<>(fanout.map(namespaces, object -> objects.plan(object, Set.of(), request)));
        Set<ObjectKey> arriving = created(findings);
        findings.addAll(fanout.map(others, object -> objects.plan(object, arriving, request)));
        findings.stream()
                .filter(finding -> finding instanceof Finding.Unknown unknown
                        && unknown.problem().code() == PlanCode.OTHER_SYNC)
                .forEach(finding -> claims.giveUp(
                        syncName, ((Finding.Unknown) finding).problem().object()));
        taken.forEach((key, other) -> findings.add(Hindrances.otherSync(
                Objects.requireNonNull(request.desired().objects().get(key)), syncName, other)));
        Set<ObjectKey> staying = request.desired().objects().keySet();
        findings.addAll(fanout.map(
                request.managed().stream()
                        .filter(key -> !request.desired().objects().containsKey(key))
                        .sorted()
                        .toList(),
                key -> deletes.plan(key, staying, request.kept().contains(key))));
        int known = request.desired().objects().size() - asked.size() - taken.size();
        return assemble(request, readAt, findings, known);
    }

    private Plan assemble(PlanRequest request, Instant readAt, List<Finding> findings, int known) {
        List<Change> changes = new ArrayList<>();
        SortedMap<ObjectKey, ObjectNode> unchanged = new TreeMap<>();
        SortedMap<ObjectKey, PlanCode> released = new TreeMap<>();
        SortedMap<ObjectKey, Baseline> baselines = new TreeMap<>();
        List<Plan.ObjectWarning> warnings = new ArrayList<>();
        List<Plan.ObjectProblem> problems = new ArrayList<>();
        for (Finding finding : findings) {
            if (finding instanceof Finding.Differs differs) {
                changes.add(differs.change());
                warnings.addAll(differs.warnings());
            } else if (finding instanceof Finding.Same same) {
                unchanged.put(same.object(), same.metadata());
                same.baseline().ifPresent(baseline -> baselines.put(same.object(), baseline));
                warnings.addAll(same.warnings());
            } else if (finding instanceof Finding.Released gone) {
                released.put(gone.object(), gone.why());
            } else if (finding instanceof Finding.Unknown unknown) {
                problems.add(unknown.problem());
            }
        }
        changes.sort(BY_RISK);
        problems.sort(Comparator.comparing(Plan.ObjectProblem::object));
        Plan.ClusterId id = identity();
        return new Plan(
                PlanId.of(id, request.base(), request.desired().revision(), changes),
                id,
                request.repository(),
                request.base(),
                request.desired().revision(),
                readAt,
                changes,
                unchanged,
                known,
                released,
                warnings,
                problems,
                baselines);
    }

    /** Asked for once: a request for every plan would be one too many for a cluster at rest. */
    private Plan.ClusterId identity() {
        Plan.ClusterId id = identity.orElseGet(
                () -> new Plan.ClusterId(cluster.name(), cluster.uid().orElse(""), cluster.version()));
        identity = Optional.of(id);
        return id;
    }

    private static Set<ObjectKey> created(List<Finding> findings) {
        return findings.stream()
                .flatMap(finding ->
                        finding instanceof Finding.Differs differs ? Stream.of(differs.change()) : Stream.empty())
                .filter(change -> change.operation() == Operation.CREATE)
                .map(Change::object)
                .collect(Collectors.toSet());
    }

    private static boolean isNamespace(ObjectKey key) {
        return key.group().isEmpty() && key.kind().equals("Namespace");
    }
}
