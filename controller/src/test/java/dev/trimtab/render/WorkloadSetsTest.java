package dev.trimtab.render;

import static dev.trimtab.render.Written.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.definition.Definition;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a WorkloadSet says holds for the manifests below its folder. */
class WorkloadSetsTest {

    private static final ObjectKey SHOP = key("", "ConfigMap", "shop", "web");
    private static final ObjectKey DATA = key("", "ConfigMap", "data", "db");
    private static final ObjectKey FLANNEL = key("apps", "DaemonSet", "kube-flannel", "kube-flannel-ds");

    @Test
    void whatASetRequiresComesFirstAndIsWell() {
        DesiredObject web = object(render("requires: [flannel, data]", ""), SHOP);

        assertThat(web.awaits()).contains(FLANNEL, DATA).doesNotContain(SHOP);
        assertThat(web.dependsOn()).containsAll(web.awaits());
        assertThat(object(render("requires: [flannel]", ""), DATA).awaits()).isEmpty();
    }

    @Test
    void aSetsWaveAndPruneHoldWhereTheObjectSaysNothing() {
        DesiredObject web = object(render("wave: 10, prune: false", ""), SHOP);
        assertThat(web.wave()).isEqualTo(10);
        assertThat(Ownership.keptWhenGone(web.json().path("metadata"))).isTrue();

        DesiredObject own = object(
                render("wave: 10, prune: false", ", annotations: {trimtab.dev/wave: '3', trimtab.dev/prune: enabled}"),
                SHOP);
        assertThat(own.wave()).isEqualTo(3);
        assertThat(Ownership.keptWhenGone(own.json().path("metadata"))).isFalse();
    }

    @Test
    void aRequirementThatIsNotThereIsNamedAtItsPlaceWithThoseThatAre() {
        Definition definition = definition("requires: [flannel, calico]", "");

        assertThat(definition.problems())
                .filteredOn(problem -> problem.code() == RenderCode.UNKNOWN_REQUIREMENT)
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.at().toString()).startsWith("sets.yaml:4:");
                    assertThat(problem.text()).contains("WorkloadSet shop requires \"calico\"");
                    assertThat(problem.fix()).contains("write one of data, flannel, shop");
                });
        assertThat(definition.refused()).isTrue();
    }

    @Test
    void setsThatRequireEachOtherAreRefused() {
        Definition definition = definition("requires: [data]", "", "requires: [shop]");

        assertThat(definition.problems())
                .anyMatch(problem -> problem.code() == RenderCode.DEPENDENCY_CYCLE
                        && problem.text().contains("ConfigMap data/db")
                        && problem.text().contains("ConfigMap shop/web"));
    }

    private static DesiredObject object(Desired desired, ObjectKey key) {
        return Objects.requireNonNull(desired.objects().get(key));
    }

    private static Desired render(String shop, String metadata) {
        return new Renderer().render(definition(shop, metadata), "demo");
    }

    private static Definition definition(String shop, String metadata) {
        return definition(shop, metadata, "prune: true");
    }

    private static Definition definition(String shop, String metadata, String data) {
        return Written.read(AddonManifestsTest.files(
                        "10.244.0.0/16",
                        "apiVersion: cluster.trimtab.dev/v1alpha1\nkind: Flannel\nspec: {version: v0.28.9}\n")
                .with("sets.yaml", """
                        apiVersion: cluster.trimtab.dev/v1alpha1
                        kind: WorkloadSet
                        metadata: {name: shop}
                        spec: {path: workloads/shop, namespace: shop, %s}
                        ---
                        apiVersion: cluster.trimtab.dev/v1alpha1
                        kind: WorkloadSet
                        metadata: {name: data}
                        spec: {path: workloads/data, namespace: data, %s}
                        """.formatted(shop, data))
                .with(
                        "workloads/shop/web.yaml",
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web%s}\n".formatted(metadata))
                .with("workloads/data/db.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: db}\n"));
    }
}
