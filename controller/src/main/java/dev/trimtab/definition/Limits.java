package dev.trimtab.definition;

/**
 * How much a definition may ask of the process that reads it. Each excess is a {@link Problem}, never an exception.
 *
 * @param files most manifest files under one path
 * @param fileBytes largest file; bundles of CRDs reach several MiB
 * @param totalBytes of all manifest files together
 * @param depth of nested lists and mappings
 * @param aliases most uses of {@code *alias} in one file
 * @param values most values of one document after its aliases were expanded
 * @param cacheBytes of source text whose parsed form is kept between two reads
 */
public record Limits(int files, long fileBytes, long totalBytes, int depth, int aliases, int values, long cacheBytes) {

    private static final long MIB = 1024L * 1024L;

    /** 10,000 files, 4 MiB a file, 32 MiB in all, depth 100, 50 aliases a file, 1,000,000 values a document. */
    public static final Limits DEFAULT = new Limits(10_000, 4 * MIB, 32 * MIB, 100, 50, 1_000_000, 64 * MIB);
}
