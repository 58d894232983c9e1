package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.Resource;
import java.util.Map;

/** Finds the strategy of a resource. Some hand out addresses, so one set belongs to one cluster. */
public final class Strategies {

    private static final Strategy NOTHING_SPECIAL = new Strategy() {};

    private final Map<String, Strategy> byResource;

    public Strategies() {
        this.byResource = Map.ofEntries(
                Map.entry("configmaps", new ConfigStrategy(false)),
                Map.entry("endpoints", FixedFields.endpoints()),
                Map.entry("namespaces", new NamespaceStrategy()),
                Map.entry("nodes", new NodeStrategy()),
                Map.entry("persistentvolumeclaims", new VolumeClaimStrategy()),
                Map.entry("persistentvolumes", FixedFields.defaulting(Strategies::persistentVolume)),
                Map.entry("pods", new PodStrategy()),
                Map.entry("podtemplates", FixedFields.defaulting(PodSpecDefaults::template)),
                Map.entry("secrets", new ConfigStrategy(true)),
                Map.entry("services", new ServiceStrategy()),
                Map.entry("daemonsets.apps", WorkloadStrategy.daemonSet()),
                Map.entry("deployments.apps", WorkloadStrategy.deployment()),
                Map.entry("replicasets.apps", WorkloadStrategy.replicaSet()),
                Map.entry("statefulsets.apps", WorkloadStrategy.statefulSet()),
                Map.entry("cronjobs.batch", new CronJobStrategy()),
                Map.entry("jobs.batch", new JobStrategy()),
                Map.entry("horizontalpodautoscalers.autoscaling", FixedFields.autoscaler()),
                Map.entry("ingresses.networking.k8s.io", new IngressStrategy()),
                Map.entry("networkpolicies.networking.k8s.io", FixedFields.networkPolicy()),
                Map.entry("clusterrolebindings.rbac.authorization.k8s.io", FixedFields.binding()),
                Map.entry("rolebindings.rbac.authorization.k8s.io", FixedFields.binding()),
                Map.entry("storageclasses.storage.k8s.io", FixedFields.storageClass()),
                Map.entry("priorityclasses.scheduling.k8s.io", FixedFields.priorityClass()),
                Map.entry("mutatingwebhookconfigurations.admissionregistration.k8s.io", FixedFields.webhooks(true)),
                Map.entry("validatingwebhookconfigurations.admissionregistration.k8s.io", FixedFields.webhooks(false)),
                Map.entry("customresourcedefinitions.apiextensions.k8s.io", new DefinitionStrategy()));
    }

    private static void persistentVolume(ObjectNode object) {
        ObjectNode spec = Json.child(object, "spec");
        Json.defaultTo(spec, "persistentVolumeReclaimPolicy", "Retain");
        Json.defaultTo(spec, "volumeMode", "Filesystem");
        Json.defaultTo(Json.child(object, "status"), "phase", "Pending");
    }

    public Strategy of(Resource resource) {
        return resource.is(Resource.Trait.CUSTOM)
                ? new CustomStrategy(resource)
                : byResource.getOrDefault(resource.name(), NOTHING_SPECIAL);
    }
}
