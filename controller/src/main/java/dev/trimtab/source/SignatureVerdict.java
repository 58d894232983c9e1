package dev.trimtab.source;

/** What came of checking one signature. */
sealed interface SignatureVerdict {

    /** It fits, and was made with a key that is trusted and valid. */
    record Good(Revision.Signer signer) implements SignatureVerdict {}

    /**
     * It proves nothing.
     *
     * @param reason goes on after the name of what is signed; ends with a way out
     */
    record Bad(SourceCode code, String reason) implements SignatureVerdict {}

    static SignatureVerdict unknownKey(String key) {
        return new Bad(
                SourceCode.SRC011,
                "is signed with key " + key + ", which is not among the trusted ones; add the key if it is to be"
                        + " trusted, or have the commit signed by somebody who is");
    }

    static SignatureVerdict expired(String key) {
        return new Bad(
                SourceCode.SRC012,
                "is signed with key " + key
                        + ", which is not valid at that time or has expired since; put the renewed key"
                        + " among the trusted ones, or have a commit signed with a valid one");
    }

    static SignatureVerdict revoked(String key) {
        return new Bad(
                SourceCode.SRC013,
                "is signed with key " + key
                        + ", which is revoked; look who could have used it, and have a commit signed with"
                        + " a valid one");
    }

    static SignatureVerdict bad(String why) {
        return new Bad(
                SourceCode.SRC014,
                "has a signature that does not hold: " + why + "; look how it came there before it is signed anew");
    }
}
