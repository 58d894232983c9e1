package dev.trimtab.sandbox.judge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** A whole cluster in one container. */
final class K3s {

    static final String IMAGE = "TRIMTAB_TEST_K3S_IMAGE";

    private static final String DEFAULT_IMAGE = "rancher/k3s:v1.33.5-k3s1";

    private K3s() {}

    static String image(Machine machine) {
        return machine.variable(IMAGE).orElse(DEFAULT_IMAGE);
    }

    @SuppressWarnings("resource") // closed with the judge
    static Judge start(String image) {
        K3sContainer container =
                new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"));
        container.start();
        try {
            Path kubeconfig = Files.writeString(Files.createTempFile("k3s", ".yaml"), container.getKubeConfigYaml());
            return new Judge(
                    "k3s " + Judge.version(kubeconfig) + " in Docker",
                    kubeconfig,
                    EnumSet.of(Part.CONTROLLERS, Part.NODES),
                    () -> {},
                    container::stop);
        } catch (IOException e) {
            container.stop();
            throw new UncheckedIOException(e);
        }
    }
}
