package dev.trimtab.sandbox.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sandbox.kubectl.Kubectl.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kubectl makes by itself rather than from a file: it sends most of that as protobuf. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImperativeCommandsTest {

    private static final String NODE = "node-1";

    private Sandbox sandbox;
    private Kubectl kubectl;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        assumeTrue(Kubectl.onPath(), "kubectl is not on the PATH");
        sandbox = Sandbox.builder().nodes(List.of(NODE)).build().start();
        kubectl = new Kubectl(directory, sandbox.kubeconfig());
    }

    @AfterAll
    void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private String does(String command) {
        Output output = kubectl.run(command.split(" ", -1));
        assertThat(output.code()).as("%s: %s", command, output.text()).isZero();
        return output.text();
    }

    private String value(String thing, String path) {
        return does("get " + thing + " -o jsonpath={" + path + "}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            create namespace team | namespace/team | .metadata.name | team
            create configmap c --from-literal=a=1 | configmap/c | .data.a | 1
            create secret generic s --from-literal=p=q | secret/s | .data.p | cQ==
            create secret docker-registry d --docker-username=u --docker-password=p --docker-server=r.example \
                    | secret/d | .type | kubernetes.io/dockerconfigjson
            create serviceaccount sa | serviceaccount/sa | .metadata.name | sa
            create service clusterip a --tcp=80:8080 | service/a | .spec.ports[0].targetPort | 8080
            create service nodeport b --tcp=80:web | service/b | .spec.ports[0].targetPort | web
            create service loadbalancer l --tcp=80 | service/l | .spec.type | LoadBalancer
            create service externalname e --external-name=x.example | service/e | .spec.externalName | x.example
            create quota q --hard=cpu=1500m,pods=2 | quota/q | .spec.hard.cpu | 1500m
            create deployment web --image=nginx:1.27 --port=80 \
                    | deployment/web | .spec.template.spec.containers[0].ports[0].containerPort | 80
            create job j --image=busybox -- sleep 1 | job/j | .spec.template.spec.containers[0].command[1] | 1
            create cronjob k --image=busybox --schedule=@hourly -- date \
                    | cronjob/k | .spec.jobTemplate.spec.template.spec.containers[0].command[0] | date
            create role r --verb=get,list --resource=pods | role/r | .rules[0].verbs[1] | list
            create rolebinding r --role=r --serviceaccount=default:sa | rolebinding/r | .subjects[0].name | sa
            create clusterrole cr --verb=get --non-resource-url=/x | clusterrole/cr | .rules[0].nonResourceURLs[0] | /x
            create clusterrolebinding cr --clusterrole=cr --user=ada | clusterrolebinding/cr | .roleRef.name | cr
            create priorityclass high --value=1000 | priorityclass/high | .value | 1000
            create poddisruptionbudget b --selector=app=x --min-available=50% | pdb/b | .spec.minAvailable | 50%
            create ingress i --rule=a.example/x=a:80 \
                    | ingress/i | .spec.rules[0].http.paths[0].backend.service.port.number | 80
            run p --image=nginx:1.27 --env=A=b | pod/p | .spec.containers[0].env[0].value | b
            """)
    void whatIsMadeIsAsItWasAskedFor(String command, String thing, String path, String expected) {
        does(command);
        assertThat(value(thing, path)).isEqualTo(expected);
    }

    @Test
    void anExposedDeploymentLendsItsSelector() {
        does("create deployment front --image=nginx:1.27");
        does("expose deployment front --port=80 --target-port=http");
        assertThat(value("service/front", ".spec.selector.app")).isEqualTo("front");
        assertThat(value("service/front", ".spec.ports[0].targetPort")).isEqualTo("http");
    }

    @Test
    void drainingEvictsPods() {
        does("run drained --image=nginx:1.27 --labels=tier=x");
        does("wait --for=condition=Ready pod/drained --timeout=30s");
        does("drain " + NODE + " --force --pod-selector=tier=x --grace-period=1 --timeout=30s");
        assertThat(does("get pods -l tier=x -o name")).isEmpty();
        does("uncordon " + NODE);
    }
}
