package dev.trimtab.source;

import dev.trimtab.source.TrustedKeys.KeyFile;
import java.time.Instant;

/** Somebody who signs what is committed in tests. */
public interface TestSigner {

    /** The armored signature. */
    String sign(byte[] data, Instant at);

    /** What has to be trusted. */
    KeyFile publicKey();
}
