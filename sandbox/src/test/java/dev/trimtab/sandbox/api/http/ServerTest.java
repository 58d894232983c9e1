package dev.trimtab.sandbox.api.http;

import dev.trimtab.sandbox.Sandbox;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A bare API server for the tests of a class, and a fresh namespace for each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class ServerTest {

    private Sandbox sandbox;
    private int tests;

    protected HttpCaller http;
    protected String namespace;

    @BeforeAll
    void startServer() {
        sandbox = Sandbox.builder().controllers(false).watchHistory(64).build().start();
        http = new HttpCaller(sandbox.address());
    }

    @AfterAll
    void stopServer() {
        sandbox.close();
    }

    @BeforeEach
    void makeNamespace() {
        namespace = "t" + tests++;
        http.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
    }

    protected String core(String plural) {
        return "/api/v1/namespaces/" + namespace + "/" + plural;
    }

    protected String apps(String plural) {
        return "/apis/apps/v1/namespaces/" + namespace + "/" + plural;
    }

    protected static String configMap(String name, String value) {
        return """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"}, "data": {"key": "%s"}}""".formatted(name, value);
    }

    protected static String deployment(String name, String image) {
        return """
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "%1$s"}, "spec": {
                  "selector": {"matchLabels": {"app": "%1$s"}},
                  "template": {"metadata": {"labels": {"app": "%1$s"}},
                               "spec": {"containers": [{"name": "c", "image": "%2$s"}]}}}}""".formatted(name, image);
    }

    protected static String pod(String name) {
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s"},
                 "spec": {"containers": [{"name": "c", "image": "demo/app:1.0"}]}}""".formatted(name);
    }
}
