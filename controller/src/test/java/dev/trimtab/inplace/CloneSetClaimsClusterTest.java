package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ResourceType;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims of a CloneSet against an API server with a garbage collector. */
class CloneSetClaimsClusterTest extends CloneSetCluster {

    @BeforeEach
    void threePodsWithAClaimEach() {
        String own = namespace.orElseThrow();
        for (int volume = 0; volume < 8; volume++) {
            cluster.create(
                    cluster.resource("v1", "PersistentVolume").orElseThrow(),
                    Trees.yaml("""
                            apiVersion: v1
                            kind: PersistentVolume
                            metadata: {name: %s-%d}
                            spec:
                              storageClassName: %s
                              capacity: {storage: 1Gi}
                              accessModes: [ReadWriteOnce]
                              hostPath: {path: /nowhere}
                            """.formatted(own, volume, own)),
                    MANAGER);
        }
        create(0, "app:1");
        edit("""
                spec:
                  replicas: 3
                  volumeClaimTemplates:
                  - metadata: {name: data}
                    spec: {storageClassName: %s, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """.formatted(own));
        running("app:1", 3);
        awaitClaims(claimsOf(podsNow()));
    }

    @Test
    void claimsStayWithAnImageChangeAndGoWithAScaleIn() {
        Set<String> before = claims();
        template("{spec: {containers: [{name: app, image: 'app:2'}]}}");
        running("app:2", 3);
        assertThat(claims()).isEqualTo(before);

        scale(1);
        awaitClaims(claimsOf(running("app:2", 1)));
    }

    @Test
    void aClaimLeftBehindByAPodDeletedByHandIsUsedAgain() {
        Set<String> before = claims();
        PodView lost = podsNow().values().iterator().next();
        cluster.delete(pods, namespace, lost.name(), lost.uid(), Propagation.BACKGROUND);
        await("replaced", now -> now.size() == 3 && !now.containsKey(lost.uid()));
        assertThat(claims()).containsAll(before);
        await(
                "gone",
                now -> cluster.get(pods, namespace, lost.name())
                        .filter(pod -> pod.at("/metadata/uid").asText().equals(lost.uid()))
                        .isEmpty());
        scale(4);
        await(
                "the name is there again",
                now -> now.values().stream().anyMatch(pod -> pod.name().equals(lost.name()) && pod.ready()));

        awaitClaims(claimsOf(running("app:1", 4)));
    }

    @Test
    void withoutReuseClaimsGoWithTheirPodsHoweverTheseGo() {
        edit("{spec: {scaleStrategy: {disablePVCReuse: true}}}");
        awaitOwners("Pod");
        PodView lost = podsNow().values().iterator().next();
        cluster.delete(pods, namespace, lost.name(), lost.uid(), Propagation.BACKGROUND);
        await("replaced", now -> now.size() == 3 && !now.containsKey(lost.uid()));

        awaitClaims(claimsOf(running("app:1", 3)));
    }

    private static ResourceType claimType() {
        return cluster.resource("v1", "PersistentVolumeClaim").orElseThrow();
    }

    private void edit(String yaml) {
        cluster.patch(cloneSets, namespace, "web", "", PatchType.MERGE, Trees.yaml(yaml), MANAGER);
    }

    private Set<String> claims() {
        return cluster.list(claimType(), namespace, "").stream()
                .map(claim -> claim.at("/metadata/name").asText())
                .collect(Collectors.toSet());
    }

    private static Set<String> claimsOf(Map<String, PodView> owners) {
        return owners.values().stream()
                .map(pod -> "data-web-" + pod.label(CloneSetKeys.INSTANCE_ID))
                .collect(Collectors.toSet());
    }

    private void awaitClaims(Set<String> expected) {
        Awaitility.await("claims " + expected)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(30))
                .untilAsserted(() -> assertThat(claims()).isEqualTo(expected));
    }

    private void awaitOwners(String kind) {
        Awaitility.await("owned by a " + kind)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(30))
                .until(() -> cluster.list(claimType(), namespace, "").stream()
                        .allMatch(claim -> claim.at("/metadata/ownerReferences/0/kind")
                                .asText()
                                .equals(kind)));
    }
}
