package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the volumes of a CloneSet's pods. */
class CloneSetClaimsTest {

    private final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));

    @BeforeEach
    void threePodsWithAClaimEachAreUp() {
        world.spec()
                .putArray("volumeClaimTemplates")
                .add(Trees.yaml(
                        "{metadata: {name: data, labels: {kind: data}}, spec: {accessModes: [ReadWriteOnce]}}"));
        ((ObjectNode) world.spec().at("/template/spec"))
                .set(
                        "volumes",
                        Trees.yaml("{v: [{name: data, emptyDir: {}}, {name: tmp, emptyDir: {}}]}")
                                .path("v"));
        assertThat(world.settle()).isTrue();
        assertThat(world.claims).hasSize(3);
        world.written.clear();
    }

    @Test
    void aClaimIsNamedAfterItsTemplateItsSetAndItsPodAndMountedInPlaceOfTheTemplatesVolume() {
        PodView pod = world.views().get(0);
        String id = pod.label(CloneSetKeys.INSTANCE_ID);
        ClaimView claim = new ClaimView(world.claim("data-web-" + id));

        assertThat(claim.instance()).isEqualTo(id);
        assertThat(claim.ownedBy("set-uid")).isTrue();
        assertThat(claim.json().at("/metadata/labels"))
                .isEqualTo(Trees.yaml("{kind: data, app: web, apps.kruise.io/cloneset-instance-id: " + id + "}"));
        assertThat(claim.json().at("/spec/accessModes/0").asText()).isEqualTo("ReadWriteOnce");
        assertThat(pod.json().at("/spec/volumes"))
                .isEqualTo(Trees.json("[{\"name\":\"data\",\"persistentVolumeClaim\":{\"claimName\":\"data-web-" + id
                        + "\"}},{\"name\":\"tmp\",\"emptyDir\":{}}]"));
    }

    @Test
    void aPodDeletedByHandLeavesItsClaimToItsSuccessor() {
        Set<String> claims = Set.copyOf(world.claims.keySet());
        String lost = world.pods.keySet().iterator().next();
        String uid = world.pod(lost).at("/metadata/uid").asText();
        world.remove(lost);
        assertThat(world.settle()).isTrue();

        assertThat(world.claims.keySet()).isEqualTo(claims);
        assertThat(world.pod(lost).at("/metadata/uid").asText()).isNotEqualTo(uid);
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "false, 2"})
    void scaleInTakesTheClaimsWithIt(boolean reuse, int replicas) {
        world.spec().putObject("scaleStrategy").put("disablePVCReuse", !reuse);
        world.settle();
        world.spec().put("replicas", replicas);
        assertThat(world.settle()).isTrue();

        assertThat(world.claims.keySet()).isEqualTo(claimsOfPods());
    }

    @Test
    void aSpecifiedPodAndAReplacedPodTakeTheirClaimsWithThem() {
        Set<String> before = Set.copyOf(world.claims.keySet());
        String marked = world.pods.keySet().iterator().next();
        world.pod(marked).withObject("/metadata/labels").put(CloneSetKeys.SPECIFIED_DELETE, "true");
        assertThat(world.settle()).isTrue();
        assertThat(world.claims.keySet()).isEqualTo(claimsOfPods()).doesNotContain("data-" + marked);

        world.app().putArray("env").addObject().put("name", "MODE").put("value", "b");
        assertThat(world.settle()).isTrue();
        assertThat(world.claims.keySet()).isEqualTo(claimsOfPods()).doesNotContainAnyElementsOf(before);
    }

    @Test
    void anImageChangeKeepsEveryClaim() {
        Set<String> before = Set.copyOf(world.claims.keySet());
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();

        assertThat(world.claims.keySet()).isEqualTo(before);
    }

    @Test
    void withoutReuseAClaimBelongsToItsPodAndGoesWithItHoweverItGoes() {
        world.spec().putObject("scaleStrategy").put("disablePVCReuse", true);
        assertThat(world.settle()).isTrue();
        assertThat(world.claims.values())
                .allMatch(claim -> !new ClaimView(claim).ownedBy("set-uid")
                        && claim.at("/metadata/ownerReferences/0/kind").asText().equals("Pod"));
        String lost = world.pods.keySet().iterator().next();
        world.remove(lost);
        assertThat(world.settle()).isTrue();

        assertThat(world.claims.keySet()).isEqualTo(claimsOfPods()).doesNotContain("data-" + lost);
    }

    @Test
    void reuseThatIsAllowedAgainKeepsTheClaimsThereAre() {
        world.spec().putObject("scaleStrategy").put("disablePVCReuse", true);
        world.settle();
        world.spec().putObject("scaleStrategy");
        assertThat(world.settle()).isTrue();

        assertThat(world.claims.values()).allMatch(claim -> new ClaimView(claim).ownedBy("set-uid"));
    }

    @Test
    void anOrphanedClaimIsDeletedWithoutReuseAndNoneThatIsNotOurs() {
        orphan("data-web-zzzzz", "set-uid");
        orphan("data-web-yyyyy", "somebody-else");
        world.spec().putObject("scaleStrategy").put("disablePVCReuse", true);
        assertThat(world.settle()).isTrue();

        assertThat(world.claims).doesNotContainKey("data-web-zzzzz").containsKey("data-web-yyyyy");
    }

    @Test
    void aClaimOfSomebodyElseIsNeitherReusedNorDeleted() {
        orphan("data-web-yyyyy", "somebody-else");
        world.spec().put("replicas", 4);
        world.settle();
        world.spec().put("replicas", 0);
        assertThat(world.settle()).isTrue();

        assertThat(world.claims).containsOnlyKeys("data-web-yyyyy");
        assertThat(world.written)
                .noneMatch(step -> step instanceof Step.CreatePod create
                        && create.instance().isPresent());
    }

    @Test
    void aClaimThatIsBeingDeletedIsNotGivenToANewPod() {
        orphan("data-web-zzzzz", "set-uid");
        world.claim("data-web-zzzzz").withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        world.spec().put("replicas", 4);
        assertThat(world.settle()).isTrue();

        assertThat(world.pods).hasSize(4).doesNotContainKey("web-zzzzz");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | true",
                "{scaleStrategy: {disablePVCReuse: true}} | false",
                "{updateStrategy: {type: InPlaceOnly}} | true",
                "{updateStrategy: {type: RollingUpdate}} | false",
                "{updateStrategy: {rollingUpdate: {}}} | false",
                "{updateStrategy: {rollingUpdate: {}}, scaleStrategy: {enablePVCReuse: true}} | true"
            })
    void theVersionsDifferInWhetherClaimsAreUsedAgain(String spec, boolean reuses) {
        ObjectNode set = Trees.yaml("{metadata: {name: web}}");
        set.set("spec", Trees.yaml(spec));

        assertThat(CloneSet.of(set).reusesClaims()).isEqualTo(reuses);
    }

    private void orphan(String name, String owner) {
        world.claims.put(name, Trees.yaml("""
                metadata:
                  name: %s
                  uid: uid-%s
                  labels: {apps.kruise.io/cloneset-instance-id: %s}
                  ownerReferences: [{kind: CloneSet, apiVersion: apps.kruise.io/v1alpha1, uid: %s, controller: true}]
                """.formatted(name, name, name.substring(9), owner)));
    }

    private Set<String> claimsOfPods() {
        return world.views().stream()
                .map(pod -> "data-web-" + pod.label(CloneSetKeys.INSTANCE_ID))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
