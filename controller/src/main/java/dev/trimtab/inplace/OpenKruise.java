package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Informer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * OpenKruise's manager in a cluster: where it runs, it rolls the CloneSets. What it does with a change differs from what Trimtab does,
 * and hangs on its feature gates (OpenKruise documentation, "In-Place Update").
 *
 * @param gates as its arguments say; one that they do not name has the default of its latest version
 * @param daemon whether its node agent is installed
 */
public record OpenKruise(Map<String, Boolean> gates, boolean daemon) {

    private static final Optional<String> NAMESPACE = Optional.of("kruise-system");
    private static final String MANAGER = "kruise-controller-manager";
    private static final String FLAG = "--feature-gates=";

    private static final String RESIZE = "InPlaceWorkloadVerticalScaling";
    private static final String ENV = "InPlaceUpdateEnvFromMetadata";
    private static final String CLAIMS = "RecreatePodWhenChangeVCTInCloneSetGate";

    private static final Set<String> ON_BY_DEFAULT = Set.of(ENV);
    private static final Set<String> ALPHA = Set.of(RESIZE, CLAIMS);

    public OpenKruise {
        gates = Map.copyOf(gates);
    }

    /**
     * Asks for the manager's Deployment and the agent's DaemonSet.
     *
     * @return empty where no such manager is
     * @throws ApiException when the server cannot be asked
     */
    public static Optional<OpenKruise> in(ClusterClient cluster) {
        return cluster.resource("apps/v1", "Deployment")
                .flatMap(type -> cluster.get(type, NAMESPACE, MANAGER))
                .filter(OpenKruise::runs)
                .map(manager -> new OpenKruise(gates(manager), hasDaemon(cluster)));
    }

    /** Tells when it may have come, gone or changed. */
    static Optional<Informer> watch(ClusterClient cluster, Runnable changed) {
        return cluster.resource("apps/v1", "Deployment")
                .map(type -> cluster.informer(type, NAMESPACE, "", event -> {
                    if (event.object().path("metadata").path("name").asText().equals(MANAGER)) {
                        changed.run();
                    }
                }));
    }

    /** Scaled to nothing it does nothing. */
    private static boolean runs(ObjectNode manager) {
        return manager.path("spec").path("replicas").asInt(1) > 0;
    }

    private static boolean hasDaemon(ClusterClient cluster) {
        return cluster.resource("apps/v1", "DaemonSet")
                .flatMap(type -> cluster.get(type, NAMESPACE, "kruise-daemon"))
                .isPresent();
    }

    /** Kubernetes' component flags: {@code --feature-gates=A=true,B=false}; a later word on the same gate counts. */
    private static Map<String, Boolean> gates(ObjectNode manager) {
        Map<String, Boolean> gates = new TreeMap<>();
        Containers.stream(manager.at("/spec/template/spec/containers"))
                .flatMap(container -> Stream.concat(stream(container.path("command")), stream(container.path("args"))))
                .filter(argument -> argument.startsWith(FLAG))
                .flatMap(argument -> Stream.of(argument.substring(FLAG.length()).split(",", -1)))
                .map(gate -> gate.split("=", 2))
                .filter(gate -> gate.length == 2)
                .forEach(gate -> gates.put(gate[0].trim(), gate[1].trim().equalsIgnoreCase("true")));
        return gates;
    }

    private static Stream<String> stream(JsonNode texts) {
        return Containers.stream(texts).map(JsonNode::asText);
    }

    private boolean on(String gate) {
        String stage = ALPHA.contains(gate) ? "AllAlpha" : "AllBeta";
        return gates.getOrDefault(gate, gates.getOrDefault(stage, ON_BY_DEFAULT.contains(gate)));
    }

    /** Whether its agent restarts containers for labels and annotations that their environment reads. */
    boolean restartsForEnv() {
        return on(ENV) && daemon;
    }

    /**
     * What it does with a change of a CloneSet.
     *
     * @param was the live CloneSet
     * @param is the one to come
     * @param strategy of {@code is}
     * @param serverResizes whether the server has {@code pods/resize}
     */
    public Verdict decide(JsonNode was, JsonNode is, UpdateStrategy strategy, boolean serverResizes) {
        JsonNode before = was.path("spec").path("template");
        JsonNode after = is.path("spec").path("template");
        Verdict verdict = Verdicts.decide(before, after, strategy, new Abilities(serverResizes && on(RESIZE), true));
        List<Reason> replacing = replacing(verdict, was, is);
        if (!replacing.isEmpty()) {
            return strategy.policy() == UpdateStrategy.Policy.IN_PLACE_ONLY
                    ? new Verdict.Refused(replacing)
                    : new Verdict.Recreate(replacing);
        }
        return verdict instanceof Verdict.InPlace inPlace ? withoutOwnRestarts(inPlace, before, after) : verdict;
    }

    /** Its rule knows ordinary containers only, by their place in the list. */
    private List<Reason> replacing(Verdict verdict, JsonNode was, JsonNode is) {
        List<Reason> reasons = new ArrayList<>();
        boolean keeps = verdict instanceof Verdict.InPlace
                || verdict instanceof Verdict.MetadataOnly
                || verdict instanceof Verdict.Resize
                || (verdict instanceof Verdict.Unchanged && !verdict.reasons().isEmpty());
        for (Reason reason : keeps ? verdict.reasons() : List.<Reason>of()) {
            if (reason.code() == VerdictCode.IMAGE && reason.path().value().startsWith("initContainers")) {
                reasons.add(new Reason(
                        VerdictCode.INIT_IMAGE,
                        reason.path(),
                        "OpenKruise replaces the pods for another image of any init container",
                        Optional.empty()));
            } else if (reason.code() == VerdictCode.CONTAINER_ORDER) {
                reasons.add(new Reason(
                        VerdictCode.CONTAINERS,
                        reason.path(),
                        "OpenKruise compares containers by their place in the list, so another order replaces the pods",
                        Optional.of("keep the order of the containers")));
            }
        }
        if (keeps && on(CLAIMS) && !claims(was).equals(claims(is))) {
            reasons.add(new Reason(
                    VerdictCode.VOLUMES,
                    new FieldPath("spec.volumeClaimTemplates"),
                    "OpenKruise's gate " + CLAIMS + " is on: changed together with the template, they replace the pods",
                    Optional.empty()));
        }
        return reasons;
    }

    private static JsonNode claims(JsonNode cloneSet) {
        return cloneSet.path("spec").path("volumeClaimTemplates");
    }

    /** It restarts no container by another reference to its image. */
    private Verdict withoutOwnRestarts(Verdict.InPlace verdict, JsonNode before, JsonNode after) {
        Set<String> restarting = new TreeSet<>(verdict.containers());
        restarting.removeIf(name -> PodView.ofTemplate(before)
                .image(name)
                .equals(PodView.ofTemplate(after).image(name)));
        List<Reason> reasons = new ArrayList<>();
        for (Reason reason : verdict.reasons()) {
            if (reason.code() == VerdictCode.RESTART_FOR_ENV && restartsForEnv()) {
                restarting.addAll(readers(after, reason.path().value()));
                reasons.add(reason);
            } else {
                reasons.add(inItsWords(reason));
            }
        }
        if (!restarting.isEmpty()) {
            return new Verdict.InPlace(restarting, reasons);
        }
        Set<String> resized = Resizing.changed(before, after);
        return resized.isEmpty() ? new Verdict.MetadataOnly(reasons) : new Verdict.Resize(resized, reasons);
    }

    private Reason inItsWords(Reason reason) {
        if (reason.code() == VerdictCode.RESTART) {
            return new Reason(
                    VerdictCode.METADATA,
                    reason.path(),
                    "OpenKruise writes the annotation to the running pods and restarts nothing for it",
                    Optional.of("make a ContainerRecreateRequest for each pod, or change an image"));
        }
        if (reason.code() == VerdictCode.RESTART_FOR_ENV) {
            String why = on(ENV) ? "its agent kruise-daemon is not there" : "its gate " + ENV + " is off";
            return new Reason(
                    VerdictCode.METADATA,
                    reason.path(),
                    "OpenKruise restarts no container for it, because " + why
                            + "; an environment that reads it keeps the old value until its container starts again",
                    Optional.of("mount it with a downwardAPI volume, which follows without a restart"));
        }
        if (reason.code() == VerdictCode.RESTART_FOR_CONFIG) {
            return new Reason(
                    VerdictCode.METADATA,
                    reason.path(),
                    reason.text()
                            .replace(
                                    "so it restarts in the running pods",
                                    "and will see the change when it starts again: OpenKruise restarts nothing for it"),
                    Optional.empty());
        }
        return reason;
    }

    private static Set<String> readers(JsonNode template, String path) {
        return Containers.stream(template.path("spec").path("containers"))
                .filter(container -> Containers.metadataRead(container).contains(path))
                .map(container -> container.path("name").asText())
                .collect(Collectors.toSet());
    }
}
