package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code kubectl get} prints: the server makes the columns and cells. */
@Conformance
final class TableTest {

    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";
    private static final String PODS = "/api/v1/namespaces/{ns}/pods";

    private final Api api;

    TableTest(Api api) {
        this.api = api;
    }

    /** A star marks what only the wide output shows. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v1/pods                                           | Name, Ready, Status, Restarts, Age, IP*, Node*, Nominated Node*, Readiness Gates*
            /api/v1/nodes                                          | Name, Status, Roles, Age, Version, Internal-IP*, External-IP*, OS-Image*, Kernel-Version*, Container-Runtime*
            /api/v1/services                                       | Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector*
            /api/v1/configmaps                                     | Name, Data, Age
            /api/v1/secrets                                        | Name, Type, Data, Age
            /api/v1/namespaces                                     | Name, Status, Age
            /api/v1/persistentvolumeclaims                         | Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age, VolumeMode*
            /api/v1/serviceaccounts                                | Name, Age
            /api/v1/events                                         | Last Seen, Type, Reason, Object, Subobject*, Source*, Message, First Seen*, Count*, Name*
            /api/v1/podtemplates                                   | Name, Containers, Images, Pod Labels
            /apis/apps/v1/deployments                              | Name, Ready, Up-to-date, Available, Age, Containers*, Images*, Selector*
            /apis/apps/v1/replicasets                              | Name, Desired, Current, Ready, Age, Containers*, Images*, Selector*
            /apis/apps/v1/statefulsets                             | Name, Ready, Age, Containers*, Images*
            /apis/apps/v1/daemonsets                               | Name, Desired, Current, Ready, Up-to-date, Available, Node Selector, Age, Containers*, Images*, Selector*
            /apis/apps/v1/controllerrevisions                      | Name, Controller, Revision, Age
            /apis/batch/v1/jobs                                    | Name, Status, Completions, Duration, Age, Containers*, Images*, Selector*
            /apis/batch/v1/cronjobs                                | Name, Schedule, Timezone, Suspend, Active, Last Schedule, Age, Containers*, Images*, Selector*
            /apis/networking.k8s.io/v1/ingresses                   | Name, Class, Hosts, Address, Ports, Age
            /apis/networking.k8s.io/v1/networkpolicies             | Name, Pod-Selector, Age
            /apis/policy/v1/poddisruptionbudgets                   | Name, Min Available, Max Unavailable, Allowed Disruptions, Age
            /apis/autoscaling/v2/horizontalpodautoscalers          | Name, Reference, Targets, MinPods, MaxPods, Replicas, Age
            /apis/rbac.authorization.k8s.io/v1/roles               | Name, Created At
            /apis/rbac.authorization.k8s.io/v1/rolebindings        | Name, Role, Age, Users*, Groups*, ServiceAccounts*
            /apis/coordination.k8s.io/v1/leases                    | Name, Holder, Age
            /apis/discovery.k8s.io/v1/endpointslices               | Name, AddressType, Ports, Endpoints, Age
            /apis/apiextensions.k8s.io/v1/customresourcedefinitions | Name, Created At
            """)
    void everyKindHasItsColumns(String path, String columns) {
        List<String> names = new ArrayList<>();
        for (JsonNode column : api.get(path + "?limit=1", TABLE).ok().at("/columnDefinitions")) {
            names.add(column.path("name").asText() + (column.path("priority").asInt() > 0 ? "*" : ""));
        }

        assertThat(String.join(", ", names)).isEqualTo(columns);
    }

    @Test
    void aColumnSaysItsTypeFormatAndMeaning() {
        JsonNode name = api.get(MAPS, TABLE).ok().at("/columnDefinitions/0");

        assertThat(name.path("type").asText()).isEqualTo("string");
        assertThat(name.path("format").asText()).isEqualTo("name");
        assertThat(name.path("priority").asInt(-1)).isZero();
        assertThat(name.path("description").asText()).startsWith("Name must be unique within a namespace.");
    }

    @Test
    void aRowHasItsCellsAndTheMetadata() {
        api.post(
                        MAPS,
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: row}, data: {a: '1', b: '2'}, binaryData: {c:"
                                + " ''}}")
                .ok();
        Answer table = api.get(MAPS + "/row", TABLE).ok();

        assertThat(table.contentType()).isEqualTo("application/json");
        assertThat(table.text("/kind")).isEqualTo("Table");
        assertThat(table.text("/apiVersion")).isEqualTo("meta.k8s.io/v1");
        assertThat(table.at("/rows")).hasSize(1);
        assertThat(table.text("/rows/0/cells/0")).isEqualTo("row");
        assertThat(table.at("/rows/0/cells/1").asInt()).isEqualTo(3);
        assertThat(table.text("/rows/0/cells/2")).matches("\\d+s");
        assertThat(table.text("/rows/0/object/kind")).isEqualTo("PartialObjectMetadata");
        assertThat(table.text("/rows/0/object/metadata/name")).isEqualTo("row");
    }

    @ParameterizedTest
    @CsvSource({"None, ''", "Metadata, PartialObjectMetadata", "Object, ConfigMap"})
    void theQuerySaysWhatOfTheObjectComesWithIt(String include, String kind) {
        String name = "include-" + include.toLowerCase(Locale.ROOT);
        api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}}")
                .ok();

        assertThat(api.get(MAPS + "/" + name + "?includeObject=" + include, TABLE)
                        .ok()
                        .text("/rows/0/object/kind"))
                .isEqualTo(kind);
    }

    @Test
    void aPendingPodShowsItsPhaseAndNoPlace() {
        api.post(
                        PODS,
                        "{apiVersion: v1, kind: Pod, metadata: {name: pending}, spec: {schedulerName: nobody, containers:"
                                + " [{name: c, image: 'a:1'}, {name: d, image: 'd:1'}]}}")
                .ok();
        JsonNode cells = api.get(PODS + "/pending", TABLE).ok().at("/rows/0/cells");

        assertThat(cells.path(1).asText()).isEqualTo("0/2");
        assertThat(cells.path(2).asText()).isEqualTo("Pending");
        assertThat(cells.path(3).asText()).isEqualTo("0");
        for (int wide = 5; wide < 9; wide++) {
            assertThat(cells.path(wide).asText()).isEqualTo("<none>");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            running  | {phase: Running, containerStatuses: [{name: c, ready: true, restartCount: 2, image: a, imageID: a, state: {running: {}}}]} | 1/1 | Running | 2
            backoff  | {phase: Running, containerStatuses: [{name: c, ready: false, restartCount: 3, image: a, imageID: a, state: {waiting: {reason: CrashLoopBackOff}}}]} | 0/1 | CrashLoopBackOff | 3
            error    | {phase: Failed, containerStatuses: [{name: c, ready: false, restartCount: 0, image: a, imageID: a, state: {terminated: {exitCode: 1, reason: Error}}}]} | 0/1 | Error | 0
            exit     | {phase: Failed, containerStatuses: [{name: c, ready: false, restartCount: 0, image: a, imageID: a, state: {terminated: {exitCode: 3}}}]} | 0/1 | ExitCode:3 | 0
            done     | {phase: Succeeded, containerStatuses: [{name: c, ready: false, restartCount: 0, image: a, imageID: a, state: {terminated: {exitCode: 0, reason: Completed}}}]} | 0/1 | Completed | 0
            evicted  | {phase: Failed, reason: Evicted} | 0/1 | Evicted | 0
            """)
    void aPodShowsWhatItsContainersSay(String name, String status, String ready, String shown, String restarts) {
        api.post(
                        PODS,
                        "{apiVersion: v1, kind: Pod, metadata: {name: " + name + "}, spec: {schedulerName: nobody,"
                                + " containers: [{name: c, image: 'a:1'}]}}")
                .ok();
        api.merge(PODS + "/" + name + "/status", "{status: " + status + "}").ok();
        JsonNode cells = api.get(PODS + "/" + name, TABLE).ok().at("/rows/0/cells");

        assertThat(cells.path(1).asText()).isEqualTo(ready);
        assertThat(cells.path(2).asText()).isEqualTo(shown);
        assertThat(cells.path(3).asText()).isEqualTo(restarts);
    }

    @Test
    void aDeploymentCountsItsReplicasAndShowsItsTemplateWide() {
        String path = "/apis/apps/v1/namespaces/{ns}/deployments";
        api.post(path, """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: cells}
                        spec:
                          replicas: 0
                          selector: {matchLabels: {app: cells}}
                          template:
                            metadata: {labels: {app: cells}}
                            spec: {containers: [{name: c, image: 'a:1'}, {name: d, image: 'd:1'}]}
                        """).ok();
        JsonNode cells = api.get(path + "/cells", TABLE).ok().at("/rows/0/cells");

        assertThat(cells.path(1).asText()).isEqualTo("0/0");
        assertThat(cells.path(5).asText()).isEqualTo("c,d");
        assertThat(cells.path(6).asText()).isEqualTo("a:1,d:1");
        assertThat(cells.path(7).asText()).isEqualTo("app=cells");
    }

    @Test
    void aServiceShowsItsPorts() {
        String path = "/api/v1/namespaces/{ns}/services";
        api.post(
                        path,
                        "{apiVersion: v1, kind: Service, metadata: {name: ports}, spec: {clusterIP: None, selector: {app:"
                                + " a}, ports: [{name: a, port: 80}, {name: b, port: 53, protocol: UDP}]}}")
                .ok();
        JsonNode cells = api.get(path + "/ports", TABLE).ok().at("/rows/0/cells");

        assertThat(cells.path(1).asText()).isEqualTo("ClusterIP");
        assertThat(cells.path(2).asText()).isEqualTo("None");
        assertThat(cells.path(3).asText()).isEqualTo("<none>");
        assertThat(cells.path(4).asText()).isEqualTo("80/TCP,53/UDP");
        assertThat(cells.path(6).asText()).isEqualTo("app=a");
    }

    @Test
    void whoAcceptsOnlyAnotherTypeGetsNothing() {
        Answer refused = api.get(MAPS, "text/plain");

        assertThat(refused.code()).isEqualTo(406);
        assertThat(refused.reason()).isEqualTo("NotAcceptable");
    }
}
