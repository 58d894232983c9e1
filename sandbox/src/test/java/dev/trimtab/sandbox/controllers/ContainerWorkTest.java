package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.sandbox.controllers.ContainerRun.Restart;
import dev.trimtab.sandbox.controllers.ContainerRun.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerWorkTest {

    private static Optional<ContainerWork> work(String command) {
        return ContainerWork.of(Cluster.yaml("{name: app, " + command + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            command: ['true']                                   | PT0S    | 0
            command: [/bin/false]                               | PT0S    | 1
            args: [sleep, '2']                                  | PT2S    | 0
            command: [sleep], args: [1.5m]                      | PT1M30S | 0
            command: [sh, -c, 'exit 3']                         | PT0S    | 3
            command: [/bin/sh, -c, 'echo a b; sleep 2; exit 1'] | PT2S    | 1
            command: [sh, -c, 'sleep 1 && false && sleep 5']    | PT1S    | 1
            command: [sh, -c, 'false; sleep 1; true']           | PT1S    | 0
            command: [bash, -c, 'exit 300; sleep 9']            | PT0S    | 44
            """)
    void simpleCommandsSayHowLongTheyTakeAndHowTheyEnd(String command, Duration runs, int exitCode) {
        assertThat(work(command)).hasValue(new ContainerWork(Optional.of(runs), exitCode));
    }

    @Test
    void nothingIsKnownOfOtherCommands() {
        assertThat(work("image: a")).isEmpty();
        assertThat(work("command: [nginx, -g, 'daemon off;']")).isEmpty();
        assertThat(work("command: [sh, -c, 'make; exit 1']")).isEmpty();
        assertThat(work("command: [sh, run.sh]")).isEmpty();
        assertThat(work("command: [sleep, infinity]").orElseThrow().runs()).isEmpty();
    }

    /** A real kubelet waits 10, 20, 40 s and so on up to 300 s before the third and later starts. */
    @Test
    void aContainerThatKeepsFailingIsRestartedLaterAndLater() {
        KubeletTimes quick = KubeletTimes.quick();
        KubeletTimes times = new KubeletTimes(
                quick.sandboxStart(),
                quick.containerStart(),
                quick.containerStop(),
                quick.initRun(),
                quick.taskRun(),
                quick.pullRetry(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(300));
        ContainerRun run = new ContainerRun(Role.MAIN, Restart.ALWAYS, times);
        var spec = Cluster.yaml("{name: app, image: 'app:1', command: ['false']}");
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        run.begin(spec, now);
        List<Long> pauses = new ArrayList<>();
        Instant last = now;
        int restarts = 0;
        while (restarts < 7) {
            now = now.plusMillis(50);
            run.advance(spec, now);
            if (run.restarts() > restarts) {
                restarts = run.restarts();
                pauses.add(Duration.between(last, now).toSeconds());
                last = now;
            }
        }

        assertThat(pauses).containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L);
        assertThat(run.lastEnd())
                .hasValueSatisfying(end -> assertThat(end.exitCode()).isEqualTo(1));
    }
}
