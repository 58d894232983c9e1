package dev.trimtab.sandbox.merge;

import static dev.trimtab.sandbox.merge.Json.json;
import static dev.trimtab.sandbox.merge.Json.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergePatchTest {

    private static JsonNode patchSpec(String spec, String patch) {
        ObjectNode live = json("{spec: " + spec + "}");
        ObjectNode patched = StrategicMergePatch.apply(Json.type("v1", "Pod"), live, json("{spec: " + patch + "}"));
        assertThat(live).as("the live object is not touched").isEqualTo(json("{spec: " + spec + "}"));
        return patched.path("spec");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    item is merged by its key        | {containers: [{name: 'a', image: '1', tty: true}]} | {containers: [{name: 'a', image: '2'}]} | {containers: [{name: 'a', image: '2', tty: true}]}
                    new item comes before the others| {containers: [{name: 'a'}]} | {containers: [{name: 'b'}]} | {containers: [{name: 'b'}, {name: 'a'}]}
                    nested list merges by its key    | {containers: [{name: 'a', env: [{name: 'X', value: '1'}, {name: 'Y', value: '1'}]}]} | {containers: [{name: 'a', env: [{name: 'Y', value: '2'}]}]} | {containers: [{name: 'a', env: [{name: 'X', value: '1'}, {name: 'Y', value: '2'}]}]}
                    ports merge by containerPort     | {containers: [{name: 'a', ports: [{containerPort: 53, protocol: 'UDP'}]}]} | {containers: [{name: 'a', ports: [{containerPort: 53, protocol: 'TCP'}]}]} | {containers: [{name: 'a', ports: [{containerPort: 53, protocol: 'TCP'}]}]}
                    item is deleted by its key       | {containers: [{name: 'a'}, {name: 'b'}]} | {containers: [{'$patch': 'delete', name: 'a'}]} | {containers: [{name: 'b'}]}
                    deleting what is not there       | {containers: [{name: 'a'}]} | {containers: [{'$patch': 'delete', name: 'z'}]} | {containers: [{name: 'a'}]}
                    list is replaced                 | {containers: [{name: 'a'}, {name: 'b'}]} | {containers: [{name: 'c'}, {'$patch': 'replace'}]} | {containers: [{name: 'c'}]}
                    empty list says nothing          | {containers: [{name: 'a'}]} | {containers: []} | {containers: [{name: 'a'}]}
                    map is replaced                  | {securityContext: {runAsUser: 1}} | {securityContext: {'$patch': 'replace', runAsGroup: 2}} | {securityContext: {runAsGroup: 2}}
                    map is emptied                   | {securityContext: {runAsUser: 1}} | {securityContext: {'$patch': 'delete'}} | {securityContext: {}}
                    null removes                     | {hostNetwork: true, nodeName: 'n'} | {hostNetwork: null} | {nodeName: 'n'}
                    null of what is not there        | {nodeName: 'n'} | {hostNetwork: null, securityContext: {runAsUser: null}} | {nodeName: 'n', securityContext: {}}
                    atomic list is replaced          | {tolerations: [{key: 'a'}]} | {tolerations: [{key: 'b'}]} | {tolerations: [{key: 'b'}]}
                    args are replaced                | {containers: [{name: 'a', args: ['1']}]} | {containers: [{name: 'a', args: ['2']}]} | {containers: [{name: 'a', args: ['2']}]}
                    volume source keeps named keys   | {volumes: [{name: 'v', emptyDir: {}}]} | {volumes: [{name: 'v', '$retainKeys': ['name', 'hostPath'], hostPath: {path: '/p'}}]} | {volumes: [{name: 'v', hostPath: {path: '/p'}}]}
                    order is set                     | {containers: [{name: 'a'}, {name: 'b'}]} | {'$setElementOrder/containers': [{name: 'b'}, {name: 'a'}]} | {containers: [{name: 'b'}, {name: 'a'}]}
                    unlisted items keep their place  | {containers: [{name: 'side'}, {name: 'a'}, {name: 'b'}]} | {'$setElementOrder/containers': [{name: 'c'}, {name: 'b'}, {name: 'a'}], containers: [{name: 'c'}]} | {containers: [{name: 'c'}, {name: 'side'}, {name: 'b'}, {name: 'a'}]}
                    directives never stay            | {} | {containers: [{'$patch': 'delete', name: 'x'}, {name: 'a', '$setElementOrder/env': [{name: 'E'}]}]} | {containers: [{name: 'a'}]}
                    """)
    void spec(String rule, String live, String patch, String expected) {
        assertThat(patchSpec(live, patch)).as(rule).isEqualTo(json(expected));
    }

    @Test
    void finalizersMergeByValueAndAreDeletedByName() {
        ObjectNode live = json("{metadata: {finalizers: ['a', 'b']}}");
        ObjectNode patched = StrategicMergePatch.apply(
                Json.type("v1", "Pod"),
                live,
                json("{metadata: {'$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c', 'b'],"
                        + " '$setElementOrder/finalizers': ['c', 'b']}}"));
        assertThat(patched.at("/metadata/finalizers")).isEqualTo(value("['c', 'b']"));
    }

    @Test
    void strategyOfADeploymentKeepsOnlyRetainedKeys() {
        ObjectNode patched = StrategicMergePatch.apply(
                Json.type("apps/v1", "Deployment"),
                json("{spec: {strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: 1}}}}"),
                json("{spec: {strategy: {'$retainKeys': ['type'], type: 'Recreate'}}}"));
        assertThat(patched).isEqualTo(json("{spec: {strategy: {type: 'Recreate'}}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {containers: [{image: 'x'}]}                                 | map: map[image:x] does not contain declared merge key: name
                    {securityContext: {'$patch': 'burn'}}                        | unknown patch type: burn in map: map[$patch:burn]
                    {securityContext: {'$retainKeys': [], runAsUser: 1}}         | the patch has runAsUser, which its $retainKeys does not list
                    """)
    void malformedPatchIsRefused(String patch, String message) {
        assertThat(catchThrowableOfType(PatchFailed.class, () -> patchSpec("{containers: []}", patch)))
                .hasMessage(message);
    }
}
