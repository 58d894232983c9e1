package dev.trimtab.definition;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.semver4j.Semver;

/** A line of releases, for instance 1.36; what is true of versions changes with it. */
public record Minor(int major, int minor) implements Comparable<Minor> {

    private static final Pattern FORM = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:[.+-].*)?");

    private static final int ACROSS_MAJORS = 1000;

    private static final Comparator<Minor> ORDER =
            Comparator.comparingInt(Minor::major).thenComparingInt(Minor::minor);

    /** The minor of a minor ({@code 1.36}) or of a version ({@code v1.36.4}); empty when it is neither. */
    public static Optional<Minor> of(String written) {
        Matcher matcher = FORM.matcher(written);
        return matcher.matches()
                ? Optional.of(new Minor(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    public static Minor of(Semver version) {
        return new Minor(version.getMajor(), version.getMinor());
    }

    /** How many minors this one is ahead of another, negative when it is behind; across majors more than any skew that is allowed. */
    public int ahead(Minor other) {
        return major == other.major ? minor - other.minor : (major - other.major) * ACROSS_MAJORS;
    }

    @Override
    public int compareTo(Minor other) {
        return ORDER.compare(this, other);
    }

    /** For instance {@code 1.36}. */
    @Override
    public String toString() {
        return major + "." + minor;
    }
}
