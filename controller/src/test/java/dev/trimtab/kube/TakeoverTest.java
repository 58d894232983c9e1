package dev.trimtab.kube;

import static dev.trimtab.kube.Objects.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TakeoverTest {

    private static final Takeover TAKEOVER = new Takeover("trimtab-shop", Set.of("old-tool"));

    @ParameterizedTest(name = "{0} {1} {2} is a predecessor: {3}")
    @CsvSource({
        "kubectl-client-side-apply, Update, '', true",
        "kubectl-create, Update, '', true",
        "kubectl-replace, Update, '', true",
        "kubectl, Apply, '', true",
        "kubectl, Update, '', false",
        "kubectl-client-side-apply, Update, status, false",
        "kubectl-edit, Update, '', false",
        "kubectl-set, Update, '', false",
        "before-first-apply, Update, '', false",
        "old-tool, Apply, '', true",
        "old-tool, Update, '', true",
        "other-tool, Apply, '', false",
        "trimtab-shop, Apply, '', false"
    })
    void whoWroteWholeManifestsHandsThemOver(String manager, String operation, String subresource, boolean expected) {
        ObjectNode metadata = json("{managedFields:[{manager:'" + manager + "',operation:'" + operation
                + "',subresource:'" + subresource + "',apiVersion:'v1',fieldsV1:{'f:data':{'f:a':{}}}}]}");

        assertThat(!TAKEOVER.predecessors(metadata).isEmpty()).isEqualTo(expected);
    }

    @Test
    void predecessorsOfBothOperationsBecomeOneEntryOfOursLockedByTheVersion() {
        ObjectNode live = json("""
                {metadata:{resourceVersion:'7',
                  annotations:{'kubectl.kubernetes.io/last-applied-configuration':'{}'},
                  managedFields:[
                   {manager:'kubectl',operation:'Apply',apiVersion:'v1',fieldsV1:{'f:data':{'f:a':{}}}},
                   {manager:'kubectl-client-side-apply',operation:'Update',apiVersion:'v1',
                     fieldsV1:{'f:data':{'.':{},'f:b':{}}}},
                   {manager:'x',operation:'Update',apiVersion:'v1beta1',fieldsV1:{'f:data':{'f:c':{}}}}]}}""");

        ArrayNode patch = TAKEOVER.before(live, "v1", version -> version.equals("v1beta1"))
                .orElseThrow();

        assertThat(patch).isEqualTo(json("""
                {p:[{op:'replace',path:'/metadata/managedFields',value:[
                      {manager:'x',operation:'Update',apiVersion:'v1',fieldsV1:{'f:data':{'f:c':{}}}},
                      {manager:'trimtab-shop',operation:'Apply',apiVersion:'v1',fieldsType:'FieldsV1',
                       fieldsV1:{'f:data':{'f:a':{},'f:b':{},'.':{}}}}]},
                    {op:'replace',path:'/metadata/resourceVersion',value:'7'},
                    {op:'remove',path:'/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration'}]}""").path("p"));
    }

    @Test
    void nothingIsRewrittenWhereNobodyHandsOver() {
        ObjectNode live = json("""
                {metadata:{resourceVersion:'7',managedFields:[
                   {manager:'x',operation:'Update',apiVersion:'v1',fieldsV1:{'f:data':{'f:c':{}}}}]}}""");

        assertThat(TAKEOVER.before(live, "v1", version -> false)).isEmpty();
    }

    @Test
    void whoSharesOurFieldsLosesThoseAndNoMore() {
        ObjectNode answer = json("""
                {metadata:{resourceVersion:'8',managedFields:[
                   {manager:'trimtab-shop',operation:'Apply',apiVersion:'v1',fieldsV1:{'f:data':{'f:a':{}}}},
                   {manager:'before-first-apply',operation:'Update',apiVersion:'v1',
                     fieldsV1:{'f:data':{'.':{},'f:a':{},'f:b':{}}}},
                   {manager:'hand',operation:'Update',apiVersion:'v1',fieldsV1:{'f:data':{'f:a':{}}}},
                   {manager:'tool',operation:'Apply',apiVersion:'v1',fieldsV1:{'f:data':{'f:a':{}}}}]}}""");

        assertThat(TAKEOVER.sharers(answer.path("metadata"), false)).containsExactly("before-first-apply");
        assertThat(TAKEOVER.sharers(answer.path("metadata"), true)).containsExactly("before-first-apply", "hand");
        assertThat(TAKEOVER.after(answer, true).orElseThrow().at("/0/value"))
                .isEqualTo(json("""
                {v:[{manager:'trimtab-shop',operation:'Apply',apiVersion:'v1',fieldsV1:{'f:data':{'f:a':{}}}},
                    {manager:'before-first-apply',operation:'Update',apiVersion:'v1',fieldsV1:{'f:data':{'f:b':{}}}},
                    {manager:'tool',operation:'Apply',apiVersion:'v1',fieldsV1:{'f:data':{'f:a':{}}}}]}""").path("v"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void setsOfFieldsFollowTheLawsOfSets(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            ObjectNode a = tree(random, 3);
            ObjectNode b = tree(random, 3);
            Set<String> both = new TreeSet<>(paths(a));
            both.addAll(paths(b));
            Set<String> common = new TreeSet<>(paths(a));
            common.retainAll(paths(b));
            Set<String> rest = new TreeSet<>(paths(a));
            rest.removeAll(paths(b));

            assertThat(paths(FieldSets.union(a, b))).isEqualTo(both);
            assertThat(paths(FieldSets.intersection(a, b))).isEqualTo(common);
            assertThat(paths(FieldSets.difference(a, b))).isEqualTo(rest);
            assertThat(FieldSets.difference(a, a)).isEmpty();
        }
    }

    private static Set<String> paths(ObjectNode fields) {
        Set<String> paths = new TreeSet<>();
        FieldsV1.collect(fields, "", paths);
        return paths;
    }

    private static ObjectNode tree(Random random, int depth) {
        ObjectNode node = json("{}");
        for (String name : new String[] {"f:a", "f:b", "f:c"}) {
            int choice = random.nextInt(4);
            if (choice == 1 || (depth == 0 && choice > 1)) {
                node.putObject(name);
            } else if (choice > 1) {
                ObjectNode below = tree(random, depth - 1);
                if (choice == 3 && !below.isEmpty()) {
                    below.putObject(".");
                }
                if (!below.isEmpty()) {
                    node.set(name, below);
                }
            }
        }
        return node;
    }
}
