package dev.trimtab.sandbox.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who a request comes from. */
class TokensTest {

    private static final String NODES = "/api/v1/nodes";

    private final Sandbox sandbox = Sandbox.builder()
            .controllers(false)
            .user("s3cr3t", "alice", "developers")
            .build()
            .start();

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sandbox.address() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void whoBringsNoTokenIsTheAdministrator() throws Exception {
        assertThat(get(NODES).statusCode()).isEqualTo(200);
    }

    @Test
    void anonymousMayAskForHealthOnly() throws Exception {
        String[] anonymous = {"Impersonate-User", "system:anonymous", "Impersonate-Group", "system:unauthenticated"};
        assertThat(get("/readyz", anonymous).statusCode()).isEqualTo(200);
        assertThat(get("/apis", anonymous).statusCode()).isEqualTo(403);
    }

    @Test
    void aTokenThatNobodyHasIsUnauthorized() throws Exception {
        assertThat(get(NODES, "Authorization", "Bearer guess").statusCode()).isEqualTo(401);
        assertThat(get(NODES, "Authorization", "Basic czNjcjN0").statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenIsItsUserWhoMayNotSpeakForOthers() throws Exception {
        assertThat(get(NODES, "Authorization", "Bearer s3cr3t").body()).contains("User \\\"alice\\\"");
        assertThat(get(NODES, "Authorization", "Bearer s3cr3t", "Impersonate-User", "root")
                        .body())
                .contains("users \\\"root\\\" is forbidden: User \\\"alice\\\" cannot impersonate resource"
                        + " \\\"users\\\" in API group \\\"\\\" at the cluster scope");
    }

    @Test
    void aKubeconfigHoldsTheTokenOfItsUser() {
        assertThat(sandbox.kubeconfig("s3cr3t")).contains("token: 's3cr3t'");
        assertThat(sandbox.kubeconfig()).doesNotContain("token");
    }
}
