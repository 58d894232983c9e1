package dev.trimtab.kube;

import static dev.trimtab.kube.Objects.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

    private final Map<String, ObjectNode> documents = new HashMap<>();
    private final List<String> read = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final InstantSource time = () -> now;
    private final Clock clock = time.withZone(ZoneOffset.UTC);
    private final Discovery discovery = new Discovery(
            path -> {
                read.add(path);
                return Optional.ofNullable(documents.get(path));
            },
            clock);

    @Test
    void groupVersionIsReadOnce() {
        documents.put(
                "/apis/apps/v1",
                json("{resources:[{name:'deployments/scale',kind:'Scale',namespaced:true},"
                        + "{name:'deployments',kind:'Deployment',namespaced:true},"
                        + "{name:'daemonsets',kind:'DaemonSet',namespaced:true}]}"));

        assertThat(discovery.resource("apps/v1", "Deployment"))
                .contains(new ResourceType("apps", "v1", "Deployment", "deployments", true, Set.of("scale")));
        assertThat(discovery.resource("apps/v1", "DaemonSet")).isPresent();
        assertThat(read).containsExactly("/apis/apps/v1");
    }

    @Test
    void missIsAskedForAgainAfterASecondAndNotBefore() {
        for (int i = 0; i < 50; i++) {
            assertThat(discovery.resource("x.io/v1", "Thing")).isEmpty();
        }
        assertThat(read).hasSize(1);

        documents.put("/apis/x.io/v1", json("{resources:[{name:'things',kind:'Thing',namespaced:false}]}"));
        now = now.plus(Duration.ofSeconds(1));

        assertThat(discovery.resource("x.io/v1", "Thing")).isPresent();
    }

    @Test
    void serverSaysWhichVersionIsPreferred() {
        documents.put("/apis/x.io", json("{preferredVersion:{version:'v2'},versions:[{version:'v1'},{version:'v2'}]}"));
        documents.put("/apis/x.io/v1", json("{resources:[{name:'things',kind:'Thing'},{name:'olds',kind:'Old'}]}"));
        documents.put("/apis/x.io/v2", json("{resources:[{name:'things',kind:'Thing'}]}"));
        documents.put("/api", json("{versions:['v1']}"));
        documents.put("/api/v1", json("{resources:[{name:'pods',kind:'Pod'}]}"));

        assertThat(discovery.preferred("x.io", "Thing").map(ResourceType::apiVersion))
                .contains("x.io/v2");
        assertThat(discovery.preferred("x.io", "Old").map(ResourceType::apiVersion))
                .contains("x.io/v1");
        assertThat(discovery.preferred("", "Pod").map(ResourceType::apiVersion)).contains("v1");
        assertThat(discovery.preferred("x.io", "New")).isEmpty();
    }

    @Test
    void versionThatCameLaterIsFound() {
        documents.put("/apis/x.io", json("{versions:[{version:'v1'}]}"));
        documents.put("/apis/x.io/v1", json("{resources:[]}"));
        assertThat(discovery.preferred("x.io", "Thing")).isEmpty();

        documents.put("/apis/x.io", json("{versions:[{version:'v1'},{version:'v2'}]}"));
        documents.put("/apis/x.io/v2", json("{resources:[{name:'things',kind:'Thing'}]}"));
        now = now.plus(Duration.ofSeconds(2));

        assertThat(discovery.preferred("x.io", "Thing")).isPresent();
    }
}
