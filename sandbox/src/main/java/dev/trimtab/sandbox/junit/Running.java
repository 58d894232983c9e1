package dev.trimtab.sandbox.junit;

import dev.trimtab.sandbox.VirtualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** A sandbox with what tests get of it. */
record Running(dev.trimtab.sandbox.Sandbox sandbox, Path kubeconfig, Optional<VirtualClock> clock)
        implements AutoCloseable {

    static Running start(Sandbox wanted) {
        Optional<VirtualClock> virtual = wanted.virtualTime() ? Optional.of(new VirtualClock()) : Optional.empty();
        dev.trimtab.sandbox.Sandbox sandbox = dev.trimtab.sandbox.Sandbox.builder()
                .nodes(List.of(wanted.nodes()))
                .controllers(wanted.controllers())
                .rbac(wanted.rbac())
                .clock(virtual.map(Clock.class::cast).orElseGet(Clock::systemUTC))
                .build()
                .start();
        try {
            Path kubeconfig = Files.createTempFile("sandbox", ".yaml");
            Files.writeString(kubeconfig, sandbox.kubeconfig());
            return new Running(sandbox, kubeconfig, virtual);
        } catch (IOException e) {
            sandbox.close();
            throw new UncheckedIOException("Cannot write a kubeconfig", e);
        }
    }

    @Override
    public void close() {
        sandbox.close();
        try {
            Files.deleteIfExists(kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
