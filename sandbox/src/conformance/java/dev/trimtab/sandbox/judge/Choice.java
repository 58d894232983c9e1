package dev.trimtab.sandbox.judge;

import java.nio.file.Path;
import java.util.Optional;

/** Which judge a run gets. Deciding starts nothing. */
sealed interface Choice {

    String KUBECONFIG = "TRIMTAB_TEST_KUBECONFIG";
    String K3S = "TRIMTAB_TEST_K3S";
    String ASSETS = "KUBEBUILDER_ASSETS";

    Judge start() throws NoJudge;

    record InThisJvm() implements Choice {
        @Override
        public Judge start() {
            return Judge.sandbox();
        }
    }

    record Running(Path kubeconfig) implements Choice {
        @Override
        public Judge start() {
            return Judge.cluster(kubeconfig);
        }
    }

    record Binaries(Path directory) implements Choice {
        @Override
        public Judge start() {
            return ControlPlane.start(directory);
        }
    }

    record InDocker(String image) implements Choice {
        @Override
        public Judge start() {
            return K3s.start(image);
        }
    }

    record Nothing(String reason) implements Choice {
        @Override
        public Judge start() throws NoJudge {
            throw new NoJudge(reason);
        }
    }

    /**
     * @param wanted {@code sandbox}, also if absent; or {@code other}: the first of a cluster named by kubeconfig, k3s if asked
     *     for, the binaries of a control plane, k3s if Docker is there
     */
    static Choice of(Optional<String> wanted, Machine machine) {
        String which = wanted.filter(it -> !it.isBlank()).orElse("sandbox");
        return switch (which) {
            case "sandbox" -> new InThisJvm();
            case "other" -> other(machine);
            default ->
                throw new IllegalArgumentException(
                        "-D" + Judge.PROPERTY + "=" + which + ": there are \"sandbox\" and \"other\"");
        };
    }

    private static Choice other(Machine machine) {
        Optional<String> kubeconfig = machine.variable(KUBECONFIG);
        if (kubeconfig.isPresent()) {
            return new Running(Path.of(kubeconfig.get()));
        }
        String k3s = machine.variable(K3S).orElse("");
        if (k3s.equals("true")) {
            return machine.docker().isThere()
                    ? new InDocker(K3s.image(machine))
                    : new Nothing(K3S + "=true, but there is no Docker");
        }
        Optional<Path> assets = machine.variable(ASSETS).map(Path::of);
        if (assets.isPresent()) {
            return Machine.hasBinaries(assets.get())
                    ? new Binaries(assets.get())
                    : new Nothing(ASSETS + " is a directory without kube-apiserver and etcd");
        }
        Optional<Path> binaries = Machine.binariesBelow(machine.kubeApiTest());
        if (binaries.isPresent()) {
            return new Binaries(binaries.get());
        }
        if (!k3s.equals("false") && machine.docker().isThere()) {
            return new InDocker(K3s.image(machine));
        }
        return new Nothing(
                "no API server besides the sandbox: " + KUBECONFIG + " and " + ASSETS
                        + " are not set, the directory of kube-api-test has no kube-apiserver and etcd, and there is no Docker");
    }
}
