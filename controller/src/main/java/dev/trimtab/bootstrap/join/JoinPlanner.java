package dev.trimtab.bootstrap.join;

import dev.trimtab.bootstrap.FileTree;
import dev.trimtab.bootstrap.join.JoinPlan.Action;
import dev.trimtab.bootstrap.join.Standing.State;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Minor;
import dev.trimtab.kube.Ownership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what is done to a machine, from facts alone. */
public final class JoinPlanner {

    /** Kubernetes 1.35 changelog: the kubelet's failCgroupV1 is true unless it is written. */
    private static final Minor FAILS_ON_OLD_GROUPS = Minor.of("v1.35.0").orElseThrow();

    private static final String CONTAINERD = "/etc/containerd/config.toml";

    private final Cluster cluster;
    private final ClusterFacts live;
    private final Duration joinLimit;
    private final boolean reset;
    private final List<String> images;
    private final Optional<String> sync;

    /**
     * @param joinLimit how long {@code kubeadm join} may take
     * @param reset whether a person asked to clear away what is left of an earlier join
     * @param images to pull before a machine joins
     * @param sync in whose name labels and taints are brought to a node that has joined; empty when none is known
     */
    public JoinPlanner(
            Cluster cluster,
            ClusterFacts live,
            Duration joinLimit,
            boolean reset,
            List<String> images,
            Optional<String> sync) {
        this.cluster = cluster;
        this.live = live;
        this.joinLimit = joinLimit;
        this.reset = reset;
        this.images = List.copyOf(images);
        this.sync = sync;
    }

    /** @param folder what was rendered for the node */
    public JoinPlan plan(Inventory.Node node, FileTree folder, HostFacts facts) {
        List<FileChange> files = WantedFiles.changes(folder, facts);
        List<String> outdated = outdated(node, facts);
        boolean swap = facts.swap() && cluster.os().swap() == Cluster.Swap.DISABLED;
        boolean ready = files.isEmpty() && outdated.isEmpty() && !swap;
        Standing standing = standing(node, facts, ready);
        Optional<Obstacle> obstacle = stateObstacle(node, standing)
                .or(() -> identityObstacle(node, standing, facts))
                .or(() -> fitObstacle(node, standing, facts))
                .or(() -> standing.state() == State.JOINED ? versionObstacle(outdated) : Optional.empty());
        boolean waits = Optional.ofNullable(live.nodes().get(node.name()))
                .filter(ClusterFacts.Node::uninitialized)
                .isPresent();
        Action action = obstacle.isPresent() ? Action.REFUSE : action(standing.state(), ready, waits);
        return new JoinPlan(
                node.name(),
                node.isControlPlane(),
                live.uid(),
                live.caHashes().get(0),
                facts.machineId(),
                standing,
                action,
                files,
                notes(action, facts, files, outdated, swap, waits),
                commands(node, folder, action),
                sync.filter(any -> action.joins() || waits),
                obstacle);
    }

    /** The file of the kubelet, its CA and the Node object together: none of them alone says who a machine belongs to. */
    private Standing standing(Inventory.Node node, HostFacts facts, boolean ready) {
        Optional<String> foreign =
                FactReader.OTHERS.stream().filter(facts.markers()::contains).findFirst();
        if (foreign.isPresent()) {
            return new Standing(State.FOREIGN, foreign.get() + " is there");
        }
        if (facts.markers().contains(FactReader.KUBELET_CONF)) {
            if (facts.caHash().isEmpty()) {
                return new Standing(State.HALF_JOINED, FactReader.KUBELET_CONF + " names no CA");
            }
            String ca = facts.caHash().get();
            if (!live.caHashes().contains(ca)) {
                return new Standing(
                        State.JOINED_OTHER,
                        "its kubelet trusts the CA " + ca + ", this cluster's is "
                                + String.join(" or ", live.caHashes()));
            }
            return live.nodes().containsKey(node.name())
                    ? new Standing(State.JOINED, "its kubelet trusts this cluster's CA and its Node is there")
                    : new Standing(State.HALF_JOINED, "it has a credential of this cluster, which has no such Node");
        }
        for (String half : List.of(FactReader.BOOTSTRAP_CONF, FactReader.KUBELET_CONFIG)) {
            if (facts.markers().contains(half)) {
                return new Standing(State.HALF_JOINED, half + " is there, " + FactReader.KUBELET_CONF + " is not");
            }
        }
        return ready
                ? new Standing(State.PREPARED, "everything that was rendered for it is there")
                : new Standing(State.ABSENT, "it is not prepared");
    }

    private Optional<Obstacle> stateObstacle(Inventory.Node node, Standing standing) {
        return switch (standing.state()) {
            case FOREIGN ->
                obstacle(
                        JoinCode.JOI009,
                        "another Kubernetes lives on " + node.name() + ": " + standing.detail(),
                        "uninstall it by its own means if nobody needs it, then join again");
            case JOINED_OTHER ->
                obstacle(
                        JoinCode.JOI008,
                        node.name() + " belongs to another cluster: " + standing.detail(),
                        "only if that cluster is gone: run kubeadm reset on the machine by hand, then join again");
            case HALF_JOINED ->
                reset
                        ? Optional.empty()
                        : obstacle(
                                JoinCode.JOI007,
                                "a join of " + node.name() + " was broken off halfway: " + standing.detail(),
                                "give --reset to run kubeadm reset on it first, or run that by hand");
            case ABSENT, PREPARED, JOINED -> Optional.empty();
        };
    }

    private Optional<Obstacle> identityObstacle(Inventory.Node node, Standing standing, HostFacts facts) {
        Optional<ClusterFacts.Node> known = Optional.ofNullable(live.nodes().get(node.name()));
        if (known.isPresent() && !known.get().machineId().equals(facts.machineId())) {
            return obstacle(
                    JoinCode.JOI010,
                    "the cluster knows " + node.name() + " as machine "
                            + known.get().machineId() + ", but the machine at " + node.sshAddress() + " is "
                            + facts.machineId(),
                    "if the machine was replaced: delete the Node object, then join again");
        }
        if (known.isPresent() && known.get().ready() && standing.state() != State.JOINED) {
            return obstacle(
                    JoinCode.JOI010,
                    "Node " + node.name() + " is ready, but the machine at " + node.sshAddress() + " is "
                            + standing.state().shown(),
                    "two machines may share one machine-id: give this one its own (systemd-machine-id-setup)");
        }
        return live.nodes().values().stream()
                .filter(other -> !other.name().equals(node.name()))
                .filter(other -> other.machineId().equals(facts.machineId()))
                .findFirst()
                .flatMap(other -> obstacle(
                        JoinCode.JOI010,
                        node.name() + " has the machine-id of node " + other.name() + ", " + facts.machineId(),
                        "the machine is a copy of the other one: give it its own (systemd-machine-id-setup)"));
    }

    private Optional<Obstacle> fitObstacle(Inventory.Node node, Standing standing, HostFacts facts) {
        if (!facts.addresses().contains(node.address())) {
            return obstacle(
                    JoinCode.JOI011,
                    node.name() + " does not have the address " + node.address() + ", it has "
                            + String.join(
                                    ", ", facts.addresses().stream().sorted().toList()),
                    "correct the address in the inventory, or of the machine");
        }
        if (!architecture(facts.machine()).equals(node.arch())) {
            return obstacle(
                    JoinCode.JOI011,
                    node.name() + " is " + architecture(facts.machine()) + ", the inventory says " + node.arch(),
                    "correct arch in the inventory");
        }
        boolean oldGroups = !facts.controlGroups().equals("cgroup2fs");
        boolean refusesOld = Minor.of(cluster.kubernetesVersion()).orElseThrow().compareTo(FAILS_ON_OLD_GROUPS) >= 0
                && cluster.kubelet().config().path("failCgroupV1").asBoolean(true);
        if (oldGroups && refusesOld) {
            return obstacle(
                    JoinCode.JOI011,
                    node.name() + " has cgroup version 1 (" + facts.controlGroups() + "), and the kubelet of "
                            + cluster.kubernetesVersion() + " does not start with it",
                    "boot it with cgroup version 2, as distributions since 2022 do, or set failCgroupV1: false in"
                            + " kubelet.config");
        }
        long skew = Math.abs(facts.clockOffset().toSeconds());
        if (skew > cluster.time().maxSkewSeconds()) {
            return obstacle(
                    JoinCode.JOI011,
                    "the clock of " + node.name() + " is off by " + skew + " s, more than the "
                            + cluster.time().maxSkewSeconds() + " s that are allowed",
                    "set the clock; certificates and tokens depend on it");
        }
        if (standing.state() == State.ABSENT || standing.state() == State.PREPARED) {
            List<Integer> needed =
                    node.isControlPlane() ? List.of(10250, 10257, 10259, 2379, 2380, 6443) : List.of(10250);
            List<String> taken = needed.stream()
                    .filter(facts.ports()::contains)
                    .map(String::valueOf)
                    .toList();
            if (!taken.isEmpty()) {
                return obstacle(
                        JoinCode.JOI011,
                        "somebody listens on port " + String.join(", ", taken) + " of " + node.name(),
                        "stop that program (ss -ltnp shows it)");
            }
        }
        return Optional.empty();
    }

    private static Optional<Obstacle> versionObstacle(List<String> outdated) {
        return outdated.isEmpty()
                ? Optional.empty()
                : obstacle(
                        JoinCode.JOI015,
                        "it is a node already and has " + String.join(", ", outdated),
                        "upgrade it with kubeadm upgrade, after draining it");
    }

    /** Package and version of each that is not what the definition says. */
    private List<String> outdated(Inventory.Node node, HostFacts facts) {
        String wanted =
                node.kubeletVersion().orElse(cluster.kubernetesVersion()).replaceFirst("^v", "");
        List<String> outdated = new ArrayList<>();
        for (String name : FactReader.PACKAGES) {
            String found = facts.packages().getOrDefault(name, "");
            if (!found.equals(wanted) && !found.startsWith(wanted + "-")) {
                outdated.add(name + " " + (found.isEmpty() ? "missing" : found) + ", not " + wanted);
            }
        }
        return outdated;
    }

    private static Action action(State state, boolean ready, boolean waits) {
        return switch (state) {
            case JOINED -> {
                Action ofNode = waits ? Action.FINISH : Action.NOTHING;
                yield ready ? ofNode : Action.PREPARE;
            }
            case HALF_JOINED -> Action.RESET_AND_JOIN;
            case ABSENT, PREPARED, JOINED_OTHER, FOREIGN -> Action.JOIN;
        };
    }

    private List<String> notes(
            Action action,
            HostFacts facts,
            List<FileChange> files,
            List<String> outdated,
            boolean swap,
            boolean waits) {
        List<String> notes = new ArrayList<>();
        notes.add((facts.distribution() + " " + facts.codename()).strip() + ", kernel " + facts.kernel() + ", "
                + architecture(facts.machine()));
        if (action == Action.REFUSE || action == Action.NOTHING) {
            return notes;
        }
        if (waits) {
            notes.add("an earlier join did not come to its end: the node has taint " + Ownership.UNINITIALIZED_TAINT
                    + " still");
        }
        if (waits || action.joins()) {
            notes.add(sync.map(name -> "labels, taints and cordon are brought to the node in the name of sync " + name)
                    .orElse("no sync is known, so labels and taints are left to the controller or to trimtab apply;"
                            + " --sync names one"));
        }
        if (action == Action.FINISH) {
            return notes;
        }
        outdated.forEach(one -> notes.add("package " + one));
        if (swap) {
            notes.add("swap is turned off");
        }
        notes.add(
                files.stream().anyMatch(file -> file.path().equals(CONTAINERD))
                        ? "containerd is restarted once"
                        : "containerd is not restarted");
        return notes;
    }

    private List<String> commands(Inventory.Node node, FileTree folder, Action action) {
        if (action == Action.NOTHING || action == Action.FINISH || action == Action.REFUSE) {
            return List.of();
        }
        List<RemoteCommand> commands = new ArrayList<>();
        if (action == Action.RESET_AND_JOIN) {
            commands.add(RemoteCommand.reset());
        }
        commands.addAll(Upload.folder(folder));
        commands.add(RemoteCommand.prepare());
        commands.add(RemoteCommand.verify());
        if (action.joins()) {
            images.forEach(image -> commands.add(RemoteCommand.pull(image)));
            commands.addAll(Upload.secret(Upload.TOKEN, ""));
            Optional<String> key = Optional.empty();
            if (node.isControlPlane()) {
                commands.addAll(Upload.secret(Upload.CERTIFICATE_KEY, ""));
                key = Optional.of(Upload.CERTIFICATE_KEY);
            }
            commands.add(RemoteCommand.join(Upload.TOKEN, key, live.caHashes().get(0), joinLimit));
            commands.add(RemoteCommand.shred(Upload.secrets(node.isControlPlane())));
        }
        commands.add(RemoteCommand.removeFolder());
        return commands.stream().map(RemoteCommand::line).toList();
    }

    private static String architecture(String machine) {
        return switch (machine) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> machine;
        };
    }

    private static Optional<Obstacle> obstacle(JoinCode code, String text, String fix) {
        return Optional.of(new Obstacle(code, text, fix));
    }
}
