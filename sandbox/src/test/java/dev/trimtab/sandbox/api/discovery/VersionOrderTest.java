package dev.trimtab.sandbox.api.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VersionOrderTest {

    /** The example of the Kubernetes documentation on versions of custom resource definitions. */
    @Test
    void stableComesBeforeNewAndNewBeforeOld() {
        List<String> sorted = Stream.of(
                        "foo10", "v3beta1", "v11alpha2", "v2", "v12alpha1", "foo1", "v10", "v11beta2", "v10beta3", "v1")
                .sorted(VersionOrder.MOST_STABLE_FIRST)
                .toList();
        assertThat(sorted)
                .containsExactly(
                        "v10",
                        "v2",
                        "v1",
                        "v11beta2",
                        "v10beta3",
                        "v3beta1",
                        "v12alpha1",
                        "v11alpha2",
                        "foo1",
                        "foo10");
    }
}
