package dev.trimtab.source;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.semver4j.Semver;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/**
 * A range of semantic versions as npm writes them: {@code >=1.2 <2}, {@code ^1.4.0}, {@code ~1.4}, {@code 1.x},
 * {@code 1.0.0 - 1.9.0}, joined by {@code ||}; a comma means as much as a blank. Prereleases count only where the range names
 * one of the same version.
 */
public final class VersionRange {

    private static final String NUMBER = "(0|[1-9]\\d{0,8})";
    private static final String VERSION =
            "v?" + NUMBER + "(\\." + NUMBER + "(\\." + NUMBER + "(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?)?)?";
    private static final String ANY = "\\*|v?" + NUMBER + "(\\." + NUMBER + ")?(\\.[xX*]){1,2}";
    private static final String COMPARATOR = "((>=|<=|>|<|=|~|\\^)?\\s*" + VERSION + "|" + ANY + ")";
    private static final String TERM = VERSION + "\\s+-\\s+" + VERSION + "|" + COMPARATOR + "(\\s+" + COMPARATOR + ")*";

    /** The library takes the part that it understands for the whole: {@code latest} would be any version. */
    private static final Pattern RANGE = Pattern.compile("\\s*(" + TERM + ")\\s*(\\|\\|\\s*(" + TERM + ")\\s*)*");

    private final String written;
    private final RangeList range;

    private VersionRange(String written, RangeList range) {
        this.written = written;
        this.range = range;
    }

    /** Empty when this is no range. */
    public static Optional<VersionRange> parse(String written) {
        String blanks = written.replace(',', ' ');
        return RANGE.matcher(blanks).matches()
                ? Optional.of(new VersionRange(written, RangeListFactory.create(blanks.strip())))
                : Optional.empty();
    }

    /**
     * The tags of the highest version in the range; more than one when tags differ only in a leading {@code v} or in build
     * metadata, which mean nothing to the order of versions. Tags that are no versions are left out.
     *
     * @param tags short names
     */
    List<String> highest(Collection<String> tags) {
        Optional<Semver> highest =
                tags.stream().flatMap(tag -> version(tag).stream()).max(Comparator.naturalOrder());
        return highest.map(version -> tags.stream()
                        .filter(tag ->
                                version(tag).filter(version::isEquivalentTo).isPresent())
                        .sorted()
                        .toList())
                .orElse(List.of());
    }

    private Optional<Semver> version(String tag) {
        String bare = tag.startsWith("v") ? tag.substring(1) : tag;
        return Optional.ofNullable(Semver.parse(bare)).filter(version -> version.satisfies(range));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionRange that && that.written.equals(written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }

    @Override
    public String toString() {
        return written;
    }
}
