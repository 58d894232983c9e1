package dev.trimtab.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.definition.Definition;
import dev.trimtab.definition.MemoryTree;
import dev.trimtab.render.Written;
import java.util.Map;

/** Definitions of clusters as people write them. */
final class Clusters {

    private Clusters() {}

    /** Three machines behind a wall, with images from a mirror. */
    static Definition article() {
        return definition("""
                  controlPlaneEndpoint: {host: 192.168.16.200, port: 6443}
                  network: {podSubnets: [10.244.0.0/16], serviceSubnets: [10.96.0.0/12]}
                  images: {repository: registry.aliyuncs.com/google_containers}
                  registries:
                    - registry: docker.io
                      endpoints:
                        - {url: "https://mirror-b.internal", trust: private}
                        - {url: "https://mirror-a.internal:5000", trust: private, dialTimeout: 2s, caSecretRef: {name: ca, key: tls.crt}}
                    - registry: registry.k8s.io
                      fallback: false
                      endpoints: [{url: "https://k8s.internal/v2/k8s", trust: private, overridePath: true}]
                    - registry: "*"
                      endpoints: [{url: "https://mirror.example"}]
                  containerd: {version: 2.3.4}
                  time: {pools: [cn.pool.ntp.org]}
                  kubelet: {config: {maxPods: 200}}
                """, NODES, """
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Flannel
                spec: {version: v0.28.9}
                ---
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: KuboardAgent
                spec:
                  endpoint: http://192.168.16.200:8080
                  remotePort: 35001
                  clusterName: demo
                  nameSuffix: 25i3sy
                  keySecretRef: {name: kuboard-agent, key: agentKey}
                  tokenSecretRef: {name: kuboard-agent, key: anonymousToken}
                """);
    }

    /** Two families, three control planes, the distribution's containerd, swap, ufw, patches, an authority of one's own. */
    static Definition dualStack() {
        return definition(
                """
                  controlPlaneEndpoint: {host: api.demo.internal, port: 8443}
                  network:
                    podSubnets: [10.244.0.0/16, "fd00:244::/56"]
                    serviceSubnets: [10.96.0.0/16, "fd00:96::/112"]
                    kubeProxyMode: nftables
                  registries:
                    - {registry: "mirror.internal:5000", endpoints: [{url: "http://10.0.0.9:5000", skipVerify: true}]}
                    - registry: quay.io
                      endpoints:
                        - url: https://mirror.internal
                          trust: private
                          ca: |
                              -----BEGIN CERTIFICATE-----
                              MIIBkzCCATmgAwIBAgIUVKa2r3tZqsAIUE4f32DWjjq0K/QwCgYIKoZIzj0EAwIw
                              HjEcMBoGA1UEAwwTTWlycm9ycyBvZiB0aGUgZGVtbzAgFw0yNjExMjkwNzQwMDRa
                              GA8yMTI2MTEwNTA3NDAwNFowHjEcMBoGA1UEAwwTTWlycm9ycyBvZiB0aGUgZGVt
                              bzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABE6MwJk4V2guMW2Ny+Ol/C+YpBRe
                              AJOhROVF+JovCUWwZNb6OG0vU4S6Jvmtyx1W7vRd3OHhOxNT/prn1X6T3KSjUzBR
                              MB0GA1UdDgQWBBShUbY0/ShkQAolcz+yKB0IC53zIzAfBgNVHSMEGDAWgBShUbY0
                              /ShkQAolcz+yKB0IC53zIzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gA
                              MEUCIQC4czc38HIBOj0yiATAmhQ5Z1IEJGGLK6SfsFUHB+c/WgIgeCjaLxMbVb2t
                              PGrG1hVfuO4NSbtxhs80d1zbA9V6NGY=
                              -----END CERTIFICATE-----
                  containerd: {source: distro}
                  packages: {hold: false}
                  time: {provider: timesyncd, servers: [10.0.0.1, 10.0.0.2]}
                  hosts: {extra: [{ip: 10.0.0.100, names: [api.demo.internal, api]}]}
                  os: {swap: limitedSwap, firewall: ufw, kernelModules: [nbd], sysctl: {vm.max_map_count: "262144"}}
                  kubeadm: {certSANs: [api.example.org], timeouts: {controlPlaneComponentHealthCheck: 6m0s}, encryptionAlgorithm: ECDSA-P256, ignorePreflightErrors: [NumCPU], patches: [patches/kube-apiserver0+json.yaml, patches/kubeletconfiguration.yaml]}
                """,
                """
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Inventory
                spec:
                  groups: [{name: gpu, labels: {pool: gpu}, taints: [{key: pool, value: gpu, effect: NoSchedule}]}]
                  nodes:
                    - {name: c1, address: 10.0.0.11, roles: [control-plane, worker]}
                    - {name: c2, address: 10.0.0.12, roles: [control-plane]}
                    - {name: c3, address: 10.0.0.13, roles: [control-plane]}
                    - {name: w1, address: 10.0.0.21, groups: [gpu], labels: {zone: a}, schedulable: false}
                    - {name: gone, address: 10.0.0.22, state: removed}
                """,
                """
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Flannel
                spec:
                  version: v0.28.9
                  nftables: true
                  backend: {type: wireguard}
                """,
                Map.of("patches/kube-apiserver0+json.yaml", """
                - {op: add, path: /spec/containers/0/command/-, value: --audit-log-maxage=30}
                """, "patches/kubeletconfiguration.yaml", """
                # The unit of memory that pods may not have.
                systemReserved: {memory: 512Mi}
                """));
    }

    static final String NODES = """
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Inventory
            spec:
              nodes:
                - {name: k8s-master, address: 192.168.16.200, roles: [control-plane]}
                - {name: k8s-node1, address: 192.168.16.201, roles: [worker], labels: {zone: a}}
                - {name: k8s-node2, address: 192.168.16.202, roles: [worker], labels: {zone: b}}
            """;

    /** @param spec fields of the Cluster, indented by two; Kubernetes v1.36.4 unless it says otherwise */
    static Definition definition(String spec, String inventory, String addons) {
        return definition(spec, inventory, addons, Map.of());
    }

    private static Definition definition(
            String spec, String inventory, String addons, Map<String, String> furtherFiles) {
        String version = spec.contains("kubernetesVersion:") ? "" : "  kubernetesVersion: v1.36.4\n";
        MemoryTree tree = MemoryTree.of(
                        "cluster.yaml",
                        "apiVersion: cluster.trimtab.dev/v1alpha1\nkind: Cluster\nmetadata: {name: demo}\nspec:\n"
                                + version + spec.indent(spec.startsWith("  ") ? 0 : 2))
                .with("inventory.yaml", inventory)
                .with("addons.yaml", addons);
        furtherFiles.forEach(tree::with);
        Definition definition = Written.read(tree);
        assertThat(definition.refused()).as(definition.problems().toString()).isFalse();
        return definition;
    }
}
