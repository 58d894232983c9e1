package dev.trimtab.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What a remote asks for. Printing one never shows a value. */
public sealed interface Credentials {

    /**
     * User and secret as they are now; empty for what is none.
     *
     * @throws SourceException when a file cannot be read
     */
    default Optional<Token> token() {
        return Optional.empty();
    }

    /**
     * For https: basic authentication, as forges take access tokens.
     *
     * @param user forges that do not care take any, for instance {@code git}
     */
    record Token(String user, String secret) implements Credentials {
        @Override
        public Optional<Token> token() {
            return Optional.of(this);
        }

        @Override
        public String toString() {
            return "Token[***]";
        }
    }

    /**
     * For https: a token that others renew. Read before each conversation with the remote, so that a new one counts at once.
     *
     * @param file holds the token and nothing else but white space around it
     */
    record TokenFile(String user, Path file) implements Credentials {
        @Override
        public Optional<Token> token() {
            return Optional.of(read());
        }

        /** @throws SourceException when the file cannot be read */
        Token read() {
            try {
                return new Token(user, Files.readString(file).strip());
            } catch (IOException e) {
                String reason = e instanceof NoSuchFileException ? "it is not there" : String.valueOf(e.getMessage());
                throw new SourceException(
                        SourceCode.SRC003,
                        "the token file " + file + " cannot be read: " + reason + "; check path and permissions");
            }
        }
    }

    /**
     * For ssh: files as a mounted Secret holds them.
     *
     * @param privateKey OpenSSH or PEM, without a passphrase
     * @param knownHosts lines of {@code known_hosts}; a host that is not in there is refused
     */
    record SshKey(Path privateKey, Path knownHosts) implements Credentials {
        @Override
        public String toString() {
            return "SshKey[***]";
        }
    }
}
