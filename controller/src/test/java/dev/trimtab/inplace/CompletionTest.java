package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # case                                | state   | image                        | imageID | containerID | restarts | done
            the old container still runs          | running | docker.io/library/app:1      | i1      | c1          | 0        | false
            the old one is gone                   | waiting | docker.io/library/app:1      | i1      | c1          | 0        | false
            the new container runs                | running | docker.io/library/app:2      | i2      | c2          | 1        | true
            the new one crashed                   | waiting | docker.io/library/app:2      | i2      | c2          | 1        | false
            same content, runtime says the old tag| running | docker.io/library/app:1      | i1      | c2          | 1        | true
            runtime says only a digest            | running | sha256:abc                   | i1      | c2          | 1        | true
            nothing restarted, image is right     | running | docker.io/library/app:2      | i1      | c1          | 0        | true
            a container of an image in between    | running | docker.io/library/app:1      | i2      | c2          | 1        | false
            """)
    void onlyAContainerThatRunsProvesARestart(
            String about, String state, String image, String imageId, String containerId, int restarts, boolean done) {
        ObjectNode pod = pod("app:1", "running", "docker.io/library/app:1", "i1", "c1", 0);
        String annotation = InPlaceState.begin(new PodView(pod), "web-2", java.util.List.of("app"))
                .text(java.time.Instant.EPOCH);
        ObjectNode later = pod("app:2", state, image, imageId, containerId, restarts);
        later.withObject("/metadata/annotations").put(CloneSetKeys.UPDATE_STATE, annotation);

        assertThat(Completion.done(new PodView(later))).isEqualTo(done);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # case                              | before             | after              | containerID | done
            told, and not stopped yet           | app:1              | app:1@sha256:abc   | c1          | false
            another container of the same image | app:1              | app:1@sha256:abc   | c2          | true
            told again, and not stopped yet     | app:1@sha256:abc   | app:1              | c1          | false
            another container again             | app:1@sha256:abc   | app:1              | c2          | true
            """)
    void ofARestartWithTheSameImageOnlyAnotherContainerIsAProof(
            String about, String before, String after, String containerId, boolean done) {
        String image = "docker.io/library/app:1";
        ObjectNode pod = pod(before, "running", image, "docker.io/library/app@sha256:abc", "c1", 0);
        String annotation = InPlaceState.begin(new PodView(pod), "web-2", java.util.List.of("app"))
                .text(java.time.Instant.EPOCH);
        ObjectNode later = pod(after, "running", image, "docker.io/library/app@sha256:abc", containerId, 0);
        later.withObject("/metadata/annotations").put(CloneSetKeys.UPDATE_STATE, annotation);

        assertThat(Completion.done(new PodView(later))).isEqualTo(done);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # in the pod,           in the template,        imageID,                                     another way
            app:1,                  app:1,                  docker.io/library/app@sha256:d,              app:1@sha256:d
            app:1@sha256:d,         app:1,                  docker.io/library/app@sha256:d,              app:1
            app,                    app,                    docker-pullable://app@sha256:d,              app@sha256:d
            app:1@sha256:d,         app:1@sha256:d,         docker.io/library/app@sha256:d,              app@sha256:d
            app@sha256:d,           app:1@sha256:d,         docker.io/library/app@sha256:d,              app:1@sha256:d
            app@sha256:d,           app@sha256:d,           docker.io/library/app@sha256:d,              app:latest@sha256:d
            r.example:5000/app,     r.example:5000/app,     r.example:5000/app@sha256:d,                 r.example:5000/app@sha256:d
            app:1,                  app:1,                  sha256:d,                                    -
            app:1,                  app:1,                  docker.io/other/app@sha256:d,                -
            app:1,                  app:1,                  '',                                          -
            """)
    void anImageIsWrittenAnotherWayWhereOneIsKnown(String written, String wanted, String imageId, String other) {
        assertThat(ImageName.other(written, wanted, imageId)).isEqualTo(java.util.Optional.ofNullable(other));
    }

    @Test
    void aPodThatWasNeverToldAnythingIsDone() {
        assertThat(Completion.done(new PodView(pod("app:1", "waiting", "", "", "", 0))))
                .isTrue();
    }

    @Test
    void aContainerThatIsStillAwaitedIsNotForgottenByTheNextUpdate() {
        ObjectNode pod = pod("app:1", "running", "docker.io/library/app:1", "i1", "c1", 0);
        String first = InPlaceState.begin(new PodView(pod), "web-2", java.util.List.of("app"))
                .text(java.time.Instant.EPOCH);
        ObjectNode patched = pod("app:2", "running", "docker.io/library/app:1", "i1", "c1", 0);
        patched.withObject("/metadata/annotations").put(CloneSetKeys.UPDATE_STATE, first);

        assertThat(InPlaceState.begin(new PodView(patched), "web-3", java.util.List.of("side"))
                        .containers())
                .containsOnlyKeys("app", "side");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "nginx, docker.io/library/nginx:latest, true",
        "nginx:1, docker.io/library/nginx:1, true",
        "demo/app:1.1, docker.io/demo/app:1.1, true",
        "registry:5000/img, registry:5000/img:latest, true",
        "localhost/img:1, localhost/img:1, true",
        "app:1@sha256:aa, docker.io/library/app@sha256:aa, true",
        "app:1@sha256:aa, docker.io/library/app@sha256:bb, false",
        "app:1, app:2, false",
        "app:1, example.com/app:1, false"
    })
    void imagesAreComparedWithTheirDefaultsWrittenOut(String one, String other, boolean same) {
        assertThat(ImageName.of(one).same(ImageName.of(other))).isEqualTo(same);
    }

    private static ObjectNode pod(
            String specImage, String state, String image, String imageId, String containerId, int restarts) {
        return Trees.yaml("""
                metadata: {name: web-1, annotations: {}}
                spec: {containers: [{name: app, image: "%s"}, {name: side, image: "side:1"}]}
                status:
                  containerStatuses:
                  - {name: app, image: "%s", imageID: "%s", containerID: "%s", restartCount: %d, state: {%s: {}}}
                """.formatted(specImage, image, imageId, containerId, restarts, state));
    }
}
