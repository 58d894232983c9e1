package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;
import java.util.List;
import java.util.UUID;

/**
 * What the default admission plugins add to a new pod: ServiceAccount, DefaultTolerationSeconds, Priority. Clients meet this when
 * they rewrite lists that have grown meanwhile.
 */
final class PodAdmission {

    private static final String TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final int TOLERATION_SECONDS = 300;
    private static final int TOKEN_SECONDS = 3607;

    private PodAdmission() {}

    static void admit(ObjectNode spec) {
        Json.defaultTo(spec, "serviceAccountName", "default");
        spec.set("serviceAccount", spec.path("serviceAccountName"));
        if (spec.path("automountServiceAccountToken").asBoolean(true)) {
            mountToken(spec);
        }
        Json.defaultTo(spec, "priority", 0);
        Json.defaultTo(spec, "preemptionPolicy", "PreemptLowerPriority");
        tolerate(spec, "node.kubernetes.io/not-ready");
        tolerate(spec, "node.kubernetes.io/unreachable");
    }

    private static void tolerate(ObjectNode spec, String taint) {
        for (JsonNode toleration : spec.path("tolerations")) {
            String key = toleration.path("key").asText("");
            String effect = toleration.path("effect").asText("");
            if ((key.isEmpty() || key.equals(taint)) && (effect.isEmpty() || effect.equals("NoExecute"))) {
                return;
            }
        }
        spec.withArray("tolerations")
                .addObject()
                .put("effect", "NoExecute")
                .put("key", taint)
                .put("operator", "Exists")
                .put("tolerationSeconds", TOLERATION_SECONDS);
    }

    private static void mountToken(ObjectNode spec) {
        String volume = "kube-api-access-" + UUID.randomUUID().toString().substring(0, 5);
        boolean mounted = false;
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Json.objects(spec.path(list))) {
                boolean own = Json.objects(container.path("volumeMounts")).stream()
                        .anyMatch(mount -> mount.path("mountPath").asText().equals(TOKEN_PATH));
                if (!own) {
                    container
                            .withArray("volumeMounts")
                            .addObject()
                            .put("mountPath", TOKEN_PATH)
                            .put("name", volume)
                            .put("readOnly", true);
                    mounted = true;
                }
            }
        }
        if (mounted) {
            spec.withArray("volumes").add(tokenVolume(volume));
        }
    }

    private static ObjectNode tokenVolume(String name) {
        ObjectNode volume = Json.object().put("name", name);
        ObjectNode projected = volume.putObject("projected");
        projected.put("defaultMode", 0644);
        ArrayNode sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        ObjectNode authority = sources.addObject().putObject("configMap");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        authority.put("name", "kube-root-ca.crt");
        ObjectNode item =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        item.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        item.put("path", "namespace");
        return volume;
    }
}
