package dev.trimtab.apply;

import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ErrorClass;
import java.util.List;
import java.util.Optional;

/** What the tests keep in Git. */
final class Shop {

    static final String NAMESPACE = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            """;

    static final String SHOP = NAMESPACE + """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: conf, namespace: shop}
            data: {mode: fast, level: high}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop, labels: {tier: front, team: one}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: web
                    image: web:1
                    env: [{name: MODE, value: fast}, {name: OLD, value: gone}]
                    ports: [{containerPort: 80}]
            """;

    private Shop() {}

    static String config(String name) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: shop}\ndata: {a: b}\n";
    }

    static String deployment(String name) {
        return workload("apps/v1", "Deployment", name);
    }

    static String statefulSet(String name) {
        return workload("apps/v1", "StatefulSet", name);
    }

    private static String workload(String apiVersion, String kind, String name) {
        return """
                apiVersion: %s
                kind: %s
                metadata: {name: %s, namespace: shop}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec: {containers: [{name: main, image: "main:1"}]}
                """.formatted(apiVersion, kind, name, name, name);
    }

    static String clusterRole() {
        return "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: []\n";
    }

    static ApiException refusal(int status, ErrorClass errorClass) {
        return new ApiException(status, errorClass, "no", List.of(), Optional.empty());
    }
}
