package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A template with something of each sort, and what tests change in it. */
final class SampleTemplate {

    private SampleTemplate() {}

    static final String TEMPLATE = """
            metadata:
              labels: {app: web, tier: front}
              annotations: {team: shop}
              finalizers: [example.com/a, example.com/b]
            spec:
              initContainers:
              - {name: init, image: "init:1"}
              - {name: proxy, image: "proxy:1", restartPolicy: Always}
              containers:
              - name: web
                image: web:1
                command: [serve]
                env:
                - {name: MODE, value: a}
                - {name: TIER, valueFrom: {fieldRef: {fieldPath: "metadata.labels['tier']"}}}
                ports: [{containerPort: 8080}]
                resources: {limits: {cpu: 1000m, memory: 1Gi}}
                readinessProbe: {httpGet: {port: 8080}, periodSeconds: 5}
                volumeMounts: [{name: data, mountPath: /data}]
              - {name: side, image: "side:1"}
              volumes: [{name: data, emptyDir: {}}]
              nodeSelector: {zone: a}
            """;

    static final UpdateStrategy IF_POSSIBLE = cloneSet("InPlaceIfPossible");

    static UpdateStrategy cloneSet(String type) {
        return strategy("apps.kruise.io/v1alpha1", "CloneSet", "updateStrategy: {type: " + type + "}");
    }

    static UpdateStrategy strategy(String apiVersion, String kind, String spec) {
        ObjectNode workload = Trees.yaml("apiVersion: " + apiVersion + "\nkind: " + kind);
        workload.set("spec", Trees.yaml(spec));
        return UpdateStrategy.of(workload).orElseThrow();
    }

    static ObjectNode at(ObjectNode template, String pointer) {
        return (ObjectNode) template.at(pointer);
    }

    static ObjectNode web(ObjectNode template) {
        return at(template, "/spec/containers/0");
    }
}
