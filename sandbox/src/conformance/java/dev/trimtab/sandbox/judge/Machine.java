package dev.trimtab.sandbox.judge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/** What this machine offers: variables, directories with binaries, Docker. */
record Machine(Variables variables, Path home, Docker docker) {

    /** Where kube-api-test keeps its binaries if it is not told otherwise. */
    private static final String KUBE_API_TEST = ".kubeapitest";
    /** They are in {@code k8s/VERSION-OS-ARCHITECTURE/}. */
    private static final int DEPTH = 3;

    interface Variables {
        Optional<String> get(String name);
    }

    interface Docker {
        boolean isThere();
    }

    static Machine here() {
        return new Machine(
                variables(System::getenv),
                Path.of(System.getProperty("user.home")),
                () -> DockerClientFactory.instance().isDockerAvailable());
    }

    /** Empty variables are taken as not set. */
    static Variables variables(UnaryOperator<@Nullable String> environment) {
        return name -> Optional.ofNullable(environment.apply(name)).filter(value -> !value.isBlank());
    }

    Optional<String> variable(String name) {
        return variables.get(name);
    }

    /** The directory of kube-api-test, set by variable or the default one. */
    Path kubeApiTest() {
        return variable("KUBE_API_TEST_DIR").map(Path::of).orElseGet(() -> home.resolve(KUBE_API_TEST));
    }

    /** The directory below with both programs of a control plane in it; of several, the one of the newest version. */
    static Optional<Path> binariesBelow(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.walk(directory, DEPTH)) {
            return all.filter(Machine::hasBinaries).max(Comparator.comparing(Machine::version));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Runtime.Version version(Path directory) {
        String[] words = directory.getFileName().toString().split("-", 2);
        try {
            return Runtime.Version.parse(words[0].replaceFirst("^v", ""));
        } catch (IllegalArgumentException none) {
            return Runtime.Version.parse("1");
        }
    }

    static boolean hasBinaries(Path directory) {
        return Files.isExecutable(directory.resolve("kube-apiserver")) && Files.isExecutable(directory.resolve("etcd"));
    }
}
