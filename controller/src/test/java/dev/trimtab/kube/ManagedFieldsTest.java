package dev.trimtab.kube;

import static dev.trimtab.kube.Objects.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagedFieldsTest {

    private static final ObjectNode METADATA = json("""
            {labels:{'trimtab.dev/sync':'shop', app:'web', theirs:'x'},
             managedFields:[
              {manager:'trimtab-shop',operation:'Apply',apiVersion:'apps/v1',time:'2026-11-21T10:00:00Z',fieldsV1:{
                'f:metadata':{'f:labels':{'f:app':{},'f:trimtab.dev/sync':{}}},
                'f:spec':{'f:template':{'f:spec':{'f:containers':{
                  'k:{\\"name\\":\\"web\\"}':{'.':{},'f:name':{},'f:args':{},
                    'f:ports':{'k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}':{'.':{},'f:containerPort':{}}}}}}}}}},
              {manager:'kubectl-set',operation:'Update',time:'2026-11-21T11:00:00Z',fieldsV1:{
                'f:spec':{'f:template':{'f:spec':{'f:containers':{'k:{\\"name\\":\\"web\\"}':{'f:image':{}}}}}}}},
              {manager:'hpa',operation:'Update',subresource:'scale',time:'2026-11-21T09:00:00Z',
                fieldsV1:{'f:spec':{'f:replicas':{}}}},
              {manager:'gc',operation:'Update',fieldsV1:{'f:metadata':{'f:finalizers':{'.':{},'v:\\"keep\\"':{}}}}}]}""");

    @Test
    void ourEntryIsTheAppliedOne() {
        ManagedFields.Entry entry =
                ManagedFields.ownedBy(METADATA, "trimtab-shop").orElseThrow();

        assertThat(entry.time()).contains(Instant.parse("2026-11-21T10:00:00Z"));
        assertThat(entry.metadataMap(METADATA, "labels")).isEqualTo(json("{app:'web','trimtab.dev/sync':'shop'}"));
        assertThat(ManagedFields.ownedBy(METADATA, "kubectl-set")).isEmpty();
    }

    @Test
    void pathsReadAsPeopleWriteThem() {
        ManagedFields.Entry entry =
                ManagedFields.ownedBy(METADATA, "trimtab-shop").orElseThrow();

        assertThat(ManagedFields.paths(entry))
                .containsExactly(
                        "metadata.labels.app",
                        "metadata.labels[trimtab.dev/sync]",
                        "spec.template.spec.containers[web]",
                        "spec.template.spec.containers[web].args",
                        "spec.template.spec.containers[web].name",
                        "spec.template.spec.containers[web].ports[80,TCP]",
                        "spec.template.spec.containers[web].ports[80,TCP].containerPort");
    }

    @ParameterizedTest
    @CsvSource({
        "spec.template.spec.containers[web].image, kubectl-set",
        "spec.replicas, hpa",
        "spec.replicasX, ''",
        "spec.template.spec.containers[web].args[0], trimtab-shop",
        "spec.template.spec.containers[other].image, ''",
        "metadata.labels.theirs, ''",
        "metadata.labels[trimtab.dev/sync], trimtab-shop",
        "metadata.finalizers[keep], gc",
        "'spec.template.spec.containers[web].ports[80,TCP]', trimtab-shop",
    })
    void ownerOfAFieldIsFoundByItsPath(String path, String manager) {
        assertThat(ManagedFields.managersOf(METADATA, path))
                .isEqualTo(manager.isEmpty() ? List.of() : List.of(manager));
    }

    @Test
    void ownersOfAPartAreOwnersTooTheLatestFirst() {
        assertThat(ManagedFields.managersOf(METADATA, "spec.template.spec.containers[web]"))
                .containsExactly("kubectl-set", "trimtab-shop");
    }

    @Test
    void labelAloneDoesNotMakeAnObjectOurs() {
        assertThat(Ownership.belongsTo(METADATA, "shop")).isTrue();
        assertThat(Ownership.belongsTo(json("{labels:{'trimtab.dev/sync':'shop'}}"), "shop"))
                .isFalse();
        assertThat(Ownership.belongsTo(METADATA, "other")).isFalse();
    }
}
