package dev.trimtab.source;

import dev.trimtab.source.TrustedKeys.KeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.GpgConfig.GpgFormat;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.SignatureVerifiers;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevTag;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.util.RawParseUtils;

/** Lets through what was signed by somebody trusted, and nothing else. Looks at commits and tags only, at no file. */
final class CommitVerifier implements AutoCloseable {

    private static final Pattern PGP_BLOCK = Pattern.compile(
            Pattern.quote(OpenPgpSigners.BEGIN) + ".*?-----END PGP PUBLIC KEY BLOCK-----", Pattern.DOTALL);

    private static final byte[] SIGNATURE_HEADER = "gpgsig".getBytes(StandardCharsets.US_ASCII);

    private final Instant now;
    private final boolean all;
    private final OpenPgpSigners openPgp = new OpenPgpSigners();
    private final SshSigners ssh;

    /** @throws SourceException when the keys cannot be read, or there are none */
    CommitVerifier(Verification verification, Repository repository) {
        this.now = verification.clock().instant();
        this.all = verification.scope() == Verification.Scope.ALL;
        List<String> allowed = new ArrayList<>();
        Optional<byte[]> revoked = Optional.empty();
        for (KeyFile file : verification.keys().read()) {
            if (file.isRevocationList()) {
                if (revoked.isPresent()) {
                    throw unusable(file.name() + ": a second list of revoked keys; put them together");
                }
                revoked = Optional.of(file.content());
            } else {
                take(file, allowed);
            }
        }
        if (openPgp.size() == 0 && allowed.isEmpty()) {
            throw unusable("there are no keys to verify with; add armored OpenPGP keys or a file allowed_signers");
        }
        this.ssh = new SshSigners(repository, allowed, revoked);
    }

    private void take(KeyFile file, List<String> allowed) {
        String text = new String(file.content(), StandardCharsets.UTF_8);
        if (text.contains(OpenPgpSigners.BEGIN)) {
            Matcher block = PGP_BLOCK.matcher(text);
            int before = openPgp.size();
            try {
                while (block.find()) {
                    openPgp.add(block.group());
                }
            } catch (IOException e) {
                throw unusable(
                        file.name() + ": an OpenPGP key cannot be read; export it again with gpg --armor --export");
            }
            if (openPgp.size() == before) {
                throw unusable(file.name() + ": the key block has no end; export it again with gpg --armor --export");
            }
            return;
        }
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (!SshSigners.isLine(line)) {
                throw unusable(file.name() + ":" + number + ": neither an armored OpenPGP public key nor a line of"
                        + " allowed_signers; write for instance: ann@example.org ssh-ed25519 AAAA...");
            }
            allowed.add(line);
        }
    }

    /**
     * Tells who vouches for the head.
     *
     * @param named what the ref names: the commit, or a tag that leads to it
     * @param ref the ref's full name
     * @param trusted where {@link Verification.Scope#ALL} begins; without one, nothing but the head is looked at
     * @throws SourceException when something is not signed as it has to be
     */
    Revision.Signer verify(RevWalk walk, RevObject named, RevCommit head, String ref, Optional<Revision> trusted)
            throws IOException {
        Revision.Signer signer = named instanceof RevTag tag && tag.getRawGpgSignature() != null
                ? verifyTag(tag, ref)
                : verifyCommit(head, Optional.of(now));
        if (all && trusted.isPresent()) {
            verifySince(walk, head, trusted.get());
        }
        return signer;
    }

    private void verifySince(RevWalk walk, RevCommit head, Revision trusted) throws IOException {
        walk.reset();
        walk.markStart(head);
        try {
            walk.markUninteresting(walk.parseCommit(ObjectId.fromString(trusted.commit())));
        } catch (MissingObjectException e) {
            // Then nothing is known of any commit, and each has to be signed.
        }
        for (RevCommit commit : walk) {
            // A head that is named by a signed tag need not be signed itself.
            if (!commit.equals(head)) {
                verifyCommit(commit, Optional.empty());
            }
        }
    }

    private Revision.Signer verifyTag(RevTag tag, String ref) {
        // A signed tag proves its own name only; under another one it would bring an old version back.
        if (!ref.equals(Constants.R_TAGS + tag.getTagName())) {
            throw new SourceException(
                    SourceCode.SRC014,
                    ref + " holds the signed tag \"" + tag.getTagName()
                            + "\", which is signed for that name only; push a tag of" + " the right name");
        }
        byte[] signature = tag.getRawGpgSignature();
        byte[] raw = tag.getRawBuffer();
        return signer(
                "tag " + tag.getTagName(),
                Arrays.copyOf(raw, raw.length - signature.length),
                signature,
                Optional.of(now));
    }

    private Revision.Signer verifyCommit(RevCommit commit, Optional<Instant> at) {
        byte[] signature = commit.getRawGpgSignature();
        String name = "commit " + commit.name().substring(0, 7);
        if (signature == null) {
            throw new SourceException(
                    SourceCode.SRC010,
                    name + " is not signed; sign it (git commit -S) and push it, or take spec.source.verify away");
        }
        return signer(name, withoutSignature(commit.getRawBuffer()), signature, at);
    }

    /** What a commit's signature is made for: the commit as it was before it had one. */
    private static byte[] withoutSignature(byte[] raw) {
        int content = RawParseUtils.headerStart(SIGNATURE_HEADER, raw, 0);
        int start = content - SIGNATURE_HEADER.length - 1;
        int end = Math.min(raw.length, RawParseUtils.nextLfSkippingSplitLines(raw, content) + 1);
        byte[] data = new byte[raw.length - (end - start)];
        System.arraycopy(raw, 0, data, 0, start);
        System.arraycopy(raw, end, data, start, raw.length - end);
        return data;
    }

    private Revision.Signer signer(String name, byte[] data, byte[] signature, Optional<Instant> at) {
        SignatureVerdict verdict = verdict(data, signature, at);
        if (verdict instanceof SignatureVerdict.Bad bad) {
            throw new SourceException(bad.code(), name + " " + bad.reason());
        }
        return ((SignatureVerdict.Good) verdict).signer();
    }

    private SignatureVerdict verdict(byte[] data, byte[] signature, Optional<Instant> at) {
        GpgFormat format = SignatureVerifiers.getFormat(signature);
        if (format == GpgFormat.OPENPGP) {
            return openPgp.verify(data, signature, at);
        }
        if (format != GpgFormat.SSH) {
            return SignatureVerdict.bad("it is neither of OpenPGP nor of SSH");
        }
        try {
            return ssh.verify(data, signature, at);
        } catch (IOException e) {
            throw unusable(
                    "the SSH keys cannot be used: " + e.getMessage() + "; correct allowed_signers or revoked_keys");
        }
    }

    private static SourceException unusable(String text) {
        return new SourceException(SourceCode.SRC015, text);
    }

    @Override
    public void close() {
        ssh.close();
    }
}
