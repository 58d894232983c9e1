package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTest {

    @ParameterizedTest
    @CsvSource({
        "nginx, docker.io/library/nginx:latest",
        "nginx:1.27, docker.io/library/nginx:1.27",
        "demo/app:1.1, docker.io/demo/app:1.1",
        "docker.io/demo/app:1.1, docker.io/demo/app:1.1",
        "ghcr.io/org/team/app:2, ghcr.io/org/team/app:2",
        "localhost/app, localhost/app:latest",
        "registry:5000/app, registry:5000/app:latest",
        "demo/app:1.1@sha256:abc, docker.io/demo/app:1.1",
        "demo/app@sha256:abc, docker.io/demo/app@sha256:abc"
    })
    void familiarNamesGetTheirRegistryAndTag(String image, String normalised) {
        assertThat(ImageReference.parse(image).normalised()).isEqualTo(normalised);
    }

    @Test
    void tagsDifferInTheirDigestAndATagEqualsItselfWithItsDigest() {
        String id = ImageReference.parse("demo/app:1.1").imageId();

        assertThat(id).matches("docker.io/demo/app@sha256:[0-9a-f]{64}");
        assertThat(ImageReference.parse("demo/app:1.2").imageId()).isNotEqualTo(id);
        assertThat(ImageReference.parse("demo/app:1.1" + id.substring(id.indexOf('@')))
                        .imageId())
                .isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"app:bad, false", "app:bad-1, false", "app:good, true", "bad/app:1, true", "bad:1, true"})
    void tagsThatBeginWithBadDoNotExist(String image, boolean pulled) {
        assertThat(ImageReference.parse(image).canBePulled()).isEqualTo(pulled);
    }
}
