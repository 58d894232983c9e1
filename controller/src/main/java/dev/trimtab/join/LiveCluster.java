package dev.trimtab.join;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.join.Authority;
import dev.trimtab.bootstrap.join.ClusterFacts;
import dev.trimtab.bootstrap.join.HostException;
import dev.trimtab.bootstrap.join.JoinCode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What a join needs to know of the cluster. */
public final class LiveCluster {

    private static final String NO_CA_FIX = "look whether kube-controller-manager runs: it writes that ConfigMap";

    private final ClusterClient client;

    public LiveCluster(ClusterClient client) {
        this.client = client;
    }

    NodeReports reports() {
        return new NodeReports(client);
    }

    /**
     * @throws HostException when the cluster does not tell its CA
     * @throws dev.trimtab.kube.ApiException when it does not answer
     */
    public ClusterFacts facts() {
        String uid = client.uid()
                .orElseThrow(() -> new HostException(
                        JoinCode.JOI014, "the cluster has no namespace kube-system", "is it a Kubernetes cluster?"));
        SortedMap<String, ClusterFacts.Node> nodes = new TreeMap<>();
        client.list(type("Node"), Optional.empty(), "").forEach(node -> {
            ClusterFacts.Node facts = node(node);
            nodes.put(facts.name(), facts);
        });
        return new ClusterFacts(uid, caHashes(), nodes);
    }

    private List<String> caHashes() {
        String map = "ConfigMap kube-system/kube-root-ca.crt";
        String pem = client.get(type("ConfigMap"), Optional.of("kube-system"), "kube-root-ca.crt")
                .map(object -> object.path("data").path("ca.crt").asText(""))
                .orElseThrow(() -> new HostException(
                        JoinCode.JOI014, map + ", which holds the cluster's CA, is not there", NO_CA_FIX));
        try {
            return Authority.hashes(pem);
        } catch (CertificateException e) {
            throw new HostException(JoinCode.JOI014, map + " holds no certificate in ca.crt", NO_CA_FIX);
        }
    }

    /**
     * Waits until a node is as it is wanted.
     *
     * @return the node as it was last seen, empty when it never was; whether it is as wanted is for the caller to ask
     */
    Optional<ClusterFacts.Node> await(String name, Predicate<ClusterFacts.Node> wanted, Duration limit)
            throws InterruptedException {
        BlockingQueue<Optional<ClusterFacts.Node>> news = new LinkedBlockingQueue<>();
        Optional<ClusterFacts.Node> last = Optional.empty();
        long end = System.nanoTime() + limit.toNanos();
        ClusterClient.Informer informer = client.informer(type("Node"), Optional.empty(), "", event -> {
            if (event.object().at("/metadata/name").asText().equals(name)) {
                news.add(event.type() == EventType.DELETED ? Optional.empty() : Optional.of(node(event.object())));
            }
        });
        try {
            while (last.filter(wanted).isEmpty()) {
                Optional<ClusterFacts.Node> next = news.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    return last;
                }
                last = next;
            }
            return last;
        } finally {
            informer.close();
        }
    }

    private static ClusterFacts.Node node(ObjectNode object) {
        boolean ready = false;
        String why = "it has not reported yet";
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                ready = condition.path("status").asText().equals("True");
                why = (condition.path("reason").asText() + " "
                                + condition.path("message").asText())
                        .strip();
            }
        }
        Set<String> addresses = new HashSet<>();
        for (JsonNode address : object.at("/status/addresses")) {
            if (address.path("type").asText().equals("InternalIP")) {
                addresses.add(address.path("address").asText());
            }
        }
        boolean uninitialized = false;
        for (JsonNode taint : object.at("/spec/taints")) {
            uninitialized |= taint.path("key").asText().equals(Ownership.UNINITIALIZED_TAINT);
        }
        String cidr = object.at("/spec/podCIDR").asText("");
        return new ClusterFacts.Node(
                object.at("/metadata/name").asText(),
                ready,
                why,
                object.at("/status/nodeInfo/machineID").asText(""),
                addresses,
                cidr.isEmpty() ? Optional.empty() : Optional.of(cidr),
                uninitialized);
    }

    private ResourceType type(String kind) {
        return client.resource("v1", kind)
                .orElseThrow(() -> new HostException(
                        JoinCode.JOI014, "the cluster serves no " + kind, "is it a Kubernetes cluster?"));
    }
}
