package dev.trimtab.web;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Host and path of a repository: what its addresses have in common, whichever way they go. */
record RepositoryName(String host, String path) {

    private static final Pattern URL = Pattern.compile("[a-z+]+://(?:[^/@]*@)?([^/:]+)(?::[0-9]*)?/+(.+)");
    private static final Pattern SCP = Pattern.compile("(?:[^/@:]+@)?([^/@:]+):(?!//)/*(.+)");

    /** Empty for a folder of this machine, and for what is no address. */
    static Optional<RepositoryName> of(String address) {
        Matcher url = URL.matcher(address);
        Matcher match = url.matches() ? url : SCP.matcher(address);
        if (!match.matches()) {
            return Optional.empty();
        }
        String path = match.group(2).replaceFirst("/+$", "").replaceFirst("\\.git$", "");
        return Optional.of(new RepositoryName(match.group(1).toLowerCase(Locale.ROOT), path));
    }
}
