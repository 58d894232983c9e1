package dev.trimtab.source;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A repository and the settings to follow it by a mirror. */
abstract class OriginAndMirror {

    @TempDir
    Path folder;

    TestRepository origin;

    @BeforeEach
    void makeOrigin() {
        origin = new TestRepository(folder.resolve("origin.git"));
    }

    @AfterEach
    void closeOrigin() {
        origin.close();
    }

    GitSource open(String ref) {
        return open(origin.path().toString(), ref);
    }

    GitSource open(Wanted wanted) {
        return open(wanted, TransferLimits.STANDARD);
    }

    GitSource open(Wanted wanted, TransferLimits limits) {
        return GitSource.open(new GitSource.Settings(
                origin.path().toString(),
                wanted,
                mirror(),
                Optional.empty(),
                Duration.ofSeconds(5),
                true,
                Optional.empty(),
                limits,
                Optional.empty()));
    }

    GitSource open(String address, String ref) {
        return GitSource.open(settings(address, ref, Optional.empty()));
    }

    GitSource.Settings settings(String address, String ref, Optional<Credentials> credentials) {
        return new GitSource.Settings(address, ref, mirror(), credentials, Duration.ofSeconds(5), true);
    }

    Path mirror() {
        return folder.resolve("mirror");
    }

    int packs() {
        String[] packs = mirror().resolve("objects/pack").toFile().list((dir, name) -> name.endsWith(".pack"));
        return packs == null ? 0 : packs.length;
    }
}
