package dev.trimtab.sandbox.api.discovery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Orders versions as the Kubernetes documentation of CRD versions says: v10, v2, v1, v11beta2, v1alpha1, others by name. */
final class VersionOrder {

    static final Comparator<String> MOST_STABLE_FIRST = Comparator.comparingInt(VersionOrder::stability)
            .thenComparing(version -> -number(version, 1))
            .thenComparing(version -> -number(version, 3))
            .thenComparing(Comparator.naturalOrder());

    private static final Pattern VERSION = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");

    private VersionOrder() {}

    private static int stability(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            return 3;
        }
        String stage = matcher.group(2);
        return stage == null ? 0 : stage.equals("beta") ? 1 : 2;
    }

    private static int number(String version, int group) {
        Matcher matcher = VERSION.matcher(version);
        return matcher.matches() && matcher.group(group) != null ? Integer.parseInt(matcher.group(group)) : 0;
    }
}
