package dev.trimtab.source;

/**
 * How much a repository may ask of the process that reads it.
 *
 * @param fetchBytes most bytes of one fetch, as they are sent
 * @param objectBytes largest file, folder or commit message of the history, unpacked
 * @param entries most files and folders that are looked at for one definition
 */
public record TransferLimits(long fetchBytes, long objectBytes, int entries) {

    private static final long MIB = 1024L * 1024L;

    /** 512 MiB a fetch, 100 MiB an object (more than the big forges take), 100,000 files and folders. */
    public static final TransferLimits STANDARD = new TransferLimits(512 * MIB, 100 * MIB, 100_000);
}
