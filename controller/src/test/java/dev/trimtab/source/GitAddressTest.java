package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitAddressTest extends OriginAndMirror {

    @ParameterizedTest
    @CsvSource({
        "http://example.org/a.git, http:// is not allowed",
        "http://127.0.0.1.example.org/a.git, http:// is not allowed",
        "ftp://example.org/a.git, ftp:// is not allowed",
        "amazon-s3://key@bucket/a.git, amazon-s3:// is not allowed",
        "git://example.org/a.git, git:// is not allowed",
        "ext::sh -c evil, is not",
        "/srv/a.git, a repository of this machine is not read here",
        "file:///srv/a.git, a repository of this machine is not read here",
    })
    void addressesThatMustNotBeReadAreRefused(String address, String reason) {
        GitSource.Settings settings =
                new GitSource.Settings(address, "main", mirror(), Optional.empty(), Duration.ofSeconds(5), false);
        assertThatThrownBy(() -> GitSource.open(settings))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining(reason)
                .extracting("code")
                .isEqualTo(SourceCode.SRC005);
    }

    @ParameterizedTest
    @CsvSource({
        "https://token@example.org/a.git, https://example.org/a.git",
        "https://u:p@example.org:8443/a.git, https://example.org:8443/a.git",
        "git@example.org:shop/a.git, git@example.org:shop/a.git",
        "ssh://git:pw@example.org/a.git, ssh://git@example.org/a.git",
    })
    void shownAddressHoldsNoCredentials(String address, String shown) {
        try (GitSource source = GitSource.open(settings(address, "main", Optional.empty()))) {
            assertThat(source.repository()).isEqualTo(shown);
        }
    }

    @Test
    void credentialsAndSettingsPrintNoSecret() {
        GitSource.Settings settings = settings(
                "https://hunter2@example.org/a.git", "main", Optional.of(new Credentials.Token("ann", "hunter2")));
        assertThat(settings.toString() + settings.credentials()).doesNotContain("hunter2");
    }

    @Test
    void tokenFileIsReadBeforeEachConversation(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("token");
        Credentials.TokenFile credentials = new Credentials.TokenFile("git", file);
        assertThatThrownBy(credentials::read)
                .isInstanceOf(SourceException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("not there");
        Files.writeString(file, "first\n");
        assertThat(credentials.read()).isEqualTo(new Credentials.Token("git", "first"));
        Files.writeString(file, "second\n");
        assertThat(credentials.read()).isEqualTo(new Credentials.Token("git", "second"));
        assertThat(credentials.read()).asString().doesNotContain("second");
    }
}
