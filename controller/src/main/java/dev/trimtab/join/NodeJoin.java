package dev.trimtab.join;

import dev.trimtab.bootstrap.NodeReport;
import dev.trimtab.bootstrap.join.ClusterFacts;
import dev.trimtab.bootstrap.join.Host;
import dev.trimtab.bootstrap.join.HostException;
import dev.trimtab.bootstrap.join.JoinCode;
import dev.trimtab.bootstrap.join.JoinPlan;
import dev.trimtab.bootstrap.join.Obstacle;
import dev.trimtab.bootstrap.join.RemoteCommand;
import dev.trimtab.bootstrap.join.Upload;
import dev.trimtab.codes.Count;
import dev.trimtab.definition.Inventory;
import dev.trimtab.kube.ApiException;
import java.util.Optional;
import java.util.stream.Collectors;

/** One machine's way, phase by phase. Whatever stops it, its token is deleted. */
final class NodeJoin {

    private static final String CHANGED = "prepare: changed: ";

    private final Joining joining;
    private final JoinPlan plan;
    private final Inventory.Node node;
    private int changes;
    private Optional<NodeReport> report = Optional.empty();

    NodeJoin(Joining joining, JoinPlan plan) {
        this.joining = joining;
        this.plan = plan;
        this.node = joining.node(plan.node());
    }

    JoinResult carryOut() {
        try (Host host = joining.connect(node)) {
            try {
                return carryOut(host);
            } finally {
                clear(host);
            }
        } catch (HostException e) {
            return failed(e.obstacle());
        } catch (ApiException e) {
            return failed(new Obstacle(
                    JoinCode.JOI014,
                    "the cluster said no: " + e.getMessage(),
                    "run it again when the cluster is well"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(new Obstacle(JoinCode.JOI013, "it was interrupted", "run it again"));
        } catch (RuntimeException e) {
            return failed(joining.unforeseen(e));
        }
    }

    private JoinResult carryOut(Host host) throws InterruptedException {
        if (plan.action() == JoinPlan.Action.RESET_AND_JOIN) {
            phase(Phase.RESET, "kubeadm reset");
            host.require(RemoteCommand.reset());
            changes++;
        }
        if (plan.action() == JoinPlan.Action.FINISH) {
            return finish("its labels and taints are on");
        }
        prepare(host);
        if (!plan.action().joins()) {
            return plan.sync().isPresent()
                    ? finish(Count.of(changes, "change") + ", and its labels and taints are on")
                    : report(JoinResult.Outcome.UPDATED, Count.of(changes, "change"));
        }
        for (String image : joining.images()) {
            phase(Phase.IMAGES, image);
            host.require(RemoteCommand.pull(image));
        }
        join(host);
        awaitReady();
        metadata();
        return report(JoinResult.Outcome.JOINED, "is a node, ready");
    }

    /** What an earlier join did not come to. */
    private JoinResult finish(String text) throws InterruptedException {
        if (joining.metadata().isEmpty()) {
            throw new HostException(
                    JoinCode.JOI018,
                    node.name() + " waits for its labels and taints, and no sync is known in whose name to bring them",
                    "name it with --sync; or run trimtab apply, or let the controller do it");
        }
        awaitReady();
        changes++;
        metadata();
        return report(JoinResult.Outcome.UPDATED, text);
    }

    /** Not before the node is known to be this machine. */
    private void metadata() {
        if (joining.metadata().isPresent()) {
            phase(Phase.METADATA, joining.metadata().get().bring(node.name()));
        } else {
            phase(Phase.METADATA, "no sync is known: labels and taints are the controller's, or trimtab apply's");
        }
    }

    private void prepare(Host host) {
        phase(Phase.PREPARE, Count.all(plan.files().size(), "file", "differ"));
        Upload.folder(joining.folder(node.name())).forEach(host::require);
        String said = host.require(RemoteCommand.prepare()).out();
        said.lines().filter(line -> line.startsWith(CHANGED)).forEach(line -> {
            changes++;
            phase(Phase.PREPARE, line.substring(CHANGED.length()));
        });
        phase(Phase.RUNTIME, "verifying");
        Host.Result verified = host.run(RemoteCommand.verify());
        report = understood(verified.out());
        if (verified.status() != 0) {
            if (!plan.action().joins()) {
                keepReport();
            }
            String wrong = verified.out()
                    .lines()
                    .filter(line -> line.startsWith("FAILED"))
                    .map(line -> line.substring("FAILED".length()).strip())
                    .collect(Collectors.joining("; "));
            throw new HostException(
                    JoinCode.JOI006,
                    node.name() + " is prepared, but " + (wrong.isEmpty() ? verified.lastWords() : wrong),
                    "put that right on the machine, then run it again");
        }
    }

    /** A report that is not understood is none; the join does not depend on it. */
    private Optional<NodeReport> understood(String said) {
        try {
            return Optional.of(NodeReport.of(node.name(), said));
        } catch (IllegalArgumentException e) {
            phase(Phase.RUNTIME, "what verify.sh said is not kept: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** With the Node, for those who look at it from inside. */
    private void keepReport() {
        report.ifPresent(found -> {
            try {
                joining.reports().keep(node.name(), found);
                phase(
                        Phase.REPORT,
                        "verify.sh: " + (found.checks() - found.failures()) + " of " + found.checks()
                                + " checks are well; kept with the node");
            } catch (ApiException e) {
                phase(Phase.REPORT, "what verify.sh said could not be kept: " + e.getMessage());
            }
        });
    }

    private void join(Host host) {
        phase(Phase.TOKEN, "for this join alone");
        BootstrapTokens.Token token = joining.tokens().mint(node.name());
        Optional<String> left;
        try {
            joining.redactor().add(token.whole());
            joining.redactor().add(token.secret());
            Upload.secret(Upload.TOKEN, token.whole() + "\n").forEach(host::require);
            Optional<String> key = Optional.empty();
            if (node.isControlPlane()) {
                String text = new Certificates(joining, node).upload();
                Upload.secret(Upload.CERTIFICATE_KEY, text + "\n").forEach(host::require);
                key = Optional.of(Upload.CERTIFICATE_KEY);
            }
            phase(Phase.JOIN, "kubeadm join");
            changes++;
            Host.Result result = host.run(RemoteCommand.join(Upload.TOKEN, key, plan.caHash(), joining.joinLimit()));
            if (result.status() != 0) {
                throw new HostException(
                        JoinCode.JOI006,
                        "kubeadm join on " + node.name() + " ended with " + result.status() + ": " + result.lastWords(),
                        "journalctl -u kubelet on the machine tells more; then run it again, with --reset if the"
                                + " machine is half joined");
            }
        } finally {
            // Not later: from here on the machine has a credential of its own.
            phase(Phase.SEAL, "token and join configuration are removed");
            left = joining.tokens().delete(token);
            left.ifPresent(why -> phase(Phase.SEAL, token + " could not be deleted: " + why));
            bestEffort(host, RemoteCommand.shred(Upload.secrets(node.isControlPlane())));
        }
        left.ifPresent(why -> {
            throw new HostException(
                    JoinCode.JOI017,
                    node.name() + " has joined, but " + token + " could not be deleted: " + why,
                    "delete it with kubectl; it expires by itself within minutes");
        });
    }

    private void awaitReady() throws InterruptedException {
        phase(Phase.READY, "waiting up to " + joining.readyLimit().toSeconds() + " s");
        Optional<ClusterFacts.Node> seen = joining.live().await(node.name(), this::isAsWanted, joining.readyLimit());
        if (seen.filter(this::isAsWanted).isPresent()) {
            return;
        }
        String why = seen.map(found -> {
                    if (!found.ready()) {
                        return "is not ready: " + found.why();
                    }
                    if (!found.machineId().equals(plan.machineId())) {
                        return "is machine " + found.machineId() + ", not " + plan.machineId();
                    }
                    if (!found.internalAddresses().contains(node.address())) {
                        return "has the InternalIP " + String.join(", ", found.internalAddresses()) + ", not "
                                + node.address();
                    }
                    return "has no podCIDR";
                })
                .orElse("did not appear in the cluster");
        throw new HostException(
                JoinCode.JOI013,
                "kubeadm joined " + node.name() + ", but after "
                        + joining.readyLimit().toSeconds() + " s its node " + why,
                "kubectl describe node " + node.name() + " tells more; a node is ready once its pod network runs");
    }

    private boolean isAsWanted(ClusterFacts.Node found) {
        return found.ready()
                && found.machineId().equals(plan.machineId())
                && found.internalAddresses().contains(node.address())
                && found.podCidr().isPresent();
    }

    /** What was uploaded is gone after the next boot anyhow. */
    private static void clear(Host host) {
        bestEffort(host, RemoteCommand.removeFolder());
    }

    static void bestEffort(Host host, RemoteCommand command) {
        try {
            host.run(command);
        } catch (HostException e) {
            // The reason why it did not go on is told already, and a machine that is gone cannot be cleaned.
            return;
        }
    }

    private JoinResult report(JoinResult.Outcome outcome, String text) {
        keepReport();
        phase(Phase.REPORT, text);
        return new JoinResult(node.name(), outcome, changes, text, Optional.empty());
    }

    private JoinResult failed(Obstacle obstacle) {
        phase(Phase.REPORT, obstacle.toString());
        return JoinResult.of(node.name(), obstacle, changes);
    }

    private void phase(Phase phase, String text) {
        joining.progress().phase(node.name(), phase, text);
    }
}
