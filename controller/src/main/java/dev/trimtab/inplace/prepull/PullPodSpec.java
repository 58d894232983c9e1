package dev.trimtab.inplace.prepull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * The pod that pulls the images of an order on one node. It is as little as an admission can ask for: no rights, no token, next to no
 * resources. It has no label of the workload, so that no Service, ReplicaSet or disruption budget takes it for one of its pods.
 */
final class PullPodSpec {

    /** A pod whose controller died does not pull for ever. */
    static final Duration LIFETIME = Duration.ofHours(1);

    /** Any user but root; images need not know it. */
    private static final int NOBODY = 65534;

    /** A pod's name is the host name inside it, which may have 63 characters. */
    private static final int NAME = 40;

    private PullPodSpec() {}

    static ObjectNode of(PrePullOrder order, String node) {
        JsonNode owner = order.workload().path("metadata");
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("name", name(order, node)).set("namespace", owner.path("namespace"));
        metadata.putObject("labels").put(PullPod.LABEL, order.uid()).put(PullPod.REVISION, order.revision());
        metadata.putObject("annotations")
                .put("trimtab.dev/pre-pulls", String.join(" ", order.images()) + " for " + order)
                // It is gone in a moment; a node that is to go need not wait for it.
                .put("cluster-autoscaler.kubernetes.io/safe-to-evict", "true");
        // Goes with the workload. Not as its controller: nobody is to count it among its pods.
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", order.workload().path("apiVersion").asText())
                .put("kind", order.workload().path("kind").asText())
                .put("name", owner.path("name").asText())
                .put("uid", order.uid());
        ObjectNode spec = pod.putObject("spec");
        spec.put("nodeName", node)
                .put("restartPolicy", "Never")
                .put("automountServiceAccountToken", false)
                .put("enableServiceLinks", false)
                .put("terminationGracePeriodSeconds", 0)
                .put("activeDeadlineSeconds", LIFETIME.toSeconds());
        for (String pulling : new String[] {"imagePullSecrets", "serviceAccountName"}) {
            if (order.podSpec().hasNonNull(pulling)) {
                spec.set(pulling, order.podSpec().get(pulling));
            }
        }
        spec.putArray("tolerations").addObject().put("operator", "Exists");
        spec.putObject("securityContext")
                .put("runAsNonRoot", true)
                .put("runAsUser", NOBODY)
                .put("runAsGroup", NOBODY)
                .putObject("seccompProfile")
                .put("type", "RuntimeDefault");
        int number = 0;
        for (String image : order.images()) {
            container(spec.withArrayProperty("containers").addObject(), PullPod.CONTAINER + number++, image);
        }
        return pod;
    }

    private static void container(ObjectNode container, String name, String image) {
        container
                .put("name", name)
                .put("image", image)
                // Also for tags that move: the restart itself pulls those once more if its own policy says so.
                .put("imagePullPolicy", "IfNotPresent")
                // Where the image has no such program the start fails, and the image is there all the same.
                .putArray("command")
                .add("true");
        ObjectNode security = container.putObject("securityContext").put("allowPrivilegeEscalation", false);
        security.putObject("capabilities").putArray("drop").add("ALL");
        ObjectNode resources = container.putObject("resources");
        for (String bound : new String[] {"requests", "limits"}) {
            resources.putObject(bound).put("cpu", "10m").put("memory", "16Mi");
        }
    }

    /** Always the same for the same node and template: whoever creates it again is told that it is there. */
    private static String name(PrePullOrder order, String node) {
        String workload = order.key().name().replace('.', '-');
        return workload.substring(0, Math.min(NAME, workload.length())) + "-pull-"
                + digest(order.uid() + "/" + order.revision() + "/" + node);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 5);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
