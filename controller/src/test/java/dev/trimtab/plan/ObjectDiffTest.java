package dev.trimtab.plan;

import static dev.trimtab.render.Written.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.plan.ObjectDiff.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectDiffTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                // what differs, before | after | path
                "spec: {replicas: 2} | spec: {replicas: 3} | spec.replicas",
                "metadata: {labels: {app: a}} | metadata: {labels: {app: b}} | metadata.labels[app]",
                "metadata: {labels: {a.b/c: a}} | metadata: {labels: {a.b/c: b}} | metadata.labels[a.b/c]",
                "metadata: {} | metadata: {labels: {app: b}} | metadata.labels[app]",
                "data: {a: x} | data: {} | data[a]",
                "data: {a: x} | {} | data[a]",
                "spec: {selector: {app: a}} | spec: {selector: {app: b}} | spec.selector[app]",
                "spec: {selector: {matchLabels: {app: a}}} | spec: {selector: {matchLabels: {app: b}}} | spec.selector.matchLabels[app]",
                "spec: {containers: [{name: web, image: a}]} | spec: {containers: [{name: web, image: b}]} | spec.containers[web].image",
                "spec: {containers: [{name: a}, {name: web}]} | spec: {containers: [{name: web}]} | spec.containers[a]",
                "spec: {env: [{name: M, value: a}]} | spec: {env: [{name: M, value: b}]} | spec.env[M].value",
                "spec: {containers: [{name: a}, {name: b}]} | spec: {containers: [{name: b}, {name: a}]} | spec.containers",
                "spec: {ports: [{containerPort: 80}]} | spec: {ports: [{containerPort: 81}]} | spec.ports[80],spec.ports[81]",
                "spec: {ports: [{port: 80, protocol: TCP, targetPort: 1}]} | spec: {ports: [{port: 80, protocol: TCP, targetPort: 2}]} | spec.ports[80,TCP].targetPort",
                "spec: {volumeMounts: [{mountPath: /a, name: v}]} | spec: {volumeMounts: [{mountPath: /a, name: w}]} | spec.volumeMounts[/a].name",
                "spec: {args: [a, b]} | spec: {args: [a, c]} | spec.args",
                "spec: {tolerations: [{operator: Exists}]} | spec: {tolerations: [{operator: Equal}]} | spec.tolerations[0].operator",
                "spec: {tolerations: []} | spec: {tolerations: [{operator: Equal}]} | spec.tolerations",
                "spec: {taints: [{key: gpu, effect: NoExecute}]} | spec: {taints: []} | spec.taints[gpu]",
                "spec: {limits: {cpu: '1', nvidia.com/gpu: '1'}} | spec: {limits: {cpu: '2', nvidia.com/gpu: '2'}} | spec.limits[cpu],spec.limits[nvidia.com/gpu]",
                "spec: {a: {b: 1}} | spec: {a: x} | spec.a",
            })
    void differencesAreNamedAsPeopleReadThem(String before, String after, String paths) {
        assertThat(ObjectDiff.between(object(before), object(after)))
                .extracting(difference -> difference.location().text())
                .containsExactlyInAnyOrder(split(paths));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status: {replicas: 3}",
                "metadata: {resourceVersion: '8', generation: 9, uid: x, creationTimestamp: y, managedFields: [{manager: z}]}",
                "spec: {replicas: 2.0}",
                "spec: {replicas: 2, template: null}",
            })
    void whatTheServerAloneWritesIsNoDifference(String after) {
        ObjectNode next = object(after);
        if (!next.has("spec")) {
            next.set("spec", object("replicas: 2"));
        }
        assertThat(ObjectDiff.between(object("spec: {replicas: 2}"), next)).isEmpty();
    }

    @Test
    void metadataOfAPodTemplateIsComparedWhole() {
        assertThat(ObjectDiff.between(
                        object("spec: {template: {metadata: {uid: a}}}"),
                        object("spec: {template: {metadata: {uid: b}}}")))
                .hasSize(1);
    }

    @Test
    void entriesThatShareAKeyAreComparedByPlace() {
        assertThat(ObjectDiff.between(
                        object("spec: {list: [{name: a, v: 1}, {name: a, v: 2}]}"),
                        object("spec: {list: [{name: a, v: 1}, {name: a, v: 3}]}")))
                .extracting(difference -> difference.location().text())
                .containsExactly("spec.list[1].v");
    }

    /** Whatever an object looks like: it does not differ from its copy, and one changed leaf is one difference that names it. */
    @Test
    void oneChangedLeafIsOneDifference() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            ObjectNode before = randomObject(random, 3);
            ObjectNode after = before.deepCopy();
            assertThat(ObjectDiff.between(before, after)).as("seed %d", seed).isEmpty();

            List<ObjectNode> holders = new ArrayList<>();
            holdersOfLeaves(after, holders);
            if (holders.isEmpty()) {
                continue;
            }
            holders.get(random.nextInt(holders.size())).put("leaf", "changed");

            List<Difference> differences = ObjectDiff.between(before, after);
            assertThat(differences).as("seed %d: %s", seed, after).hasSize(1);
            assertThat(differences.get(0).location().text()).as("seed %d", seed).endsWith("leaf");
            assertThat(ObjectDiff.between(after, before)).as("seed %d", seed).hasSize(1);
        }
    }

    private static void holdersOfLeaves(JsonNode node, List<ObjectNode> into) {
        if (node instanceof ObjectNode object && object.has("leaf")) {
            into.add(object);
        }
        node.forEach(child -> holdersOfLeaves(child, into));
    }

    private static ObjectNode randomObject(Random random, int depth) {
        ObjectNode object = NODES.objectNode();
        if (random.nextBoolean()) {
            object.put("leaf", random.nextInt());
        }
        for (int i = 0; depth > 0 && i < random.nextInt(4); i++) {
            if (random.nextBoolean()) {
                object.set("field" + i, randomObject(random, depth - 1));
            } else {
                ArrayNode list = object.putArray("list" + i);
                boolean named = random.nextBoolean();
                for (int j = 0; j < random.nextInt(4); j++) {
                    ObjectNode entry = randomObject(random, depth - 1);
                    list.add(named ? entry.put("name", "n" + j) : entry);
                }
            }
        }
        return object;
    }

    /** A comma inside brackets belongs to the key. */
    private static String[] split(String paths) {
        return paths.strip().split(",(?![^\\[]*])", -1);
    }
}
