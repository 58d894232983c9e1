package dev.trimtab.source;

import java.util.regex.Pattern;

/** What of a repository is wanted. */
public sealed interface Wanted {

    /** A branch, a tag, or a full name such as {@code refs/heads/main}. */
    record Named(String ref) implements Wanted {
        @Override
        public String toString() {
            return ref;
        }
    }

    /** The tag of the highest version in a range. */
    record Version(VersionRange range) implements Wanted {
        @Override
        public String toString() {
            return range.toString();
        }
    }

    /** One commit, whatever becomes of branches and tags. */
    record Commit(String id) implements Wanted {

        private static final Pattern WHOLE = Pattern.compile("[0-9a-f]{40}");

        /** @throws IllegalArgumentException when it is not a whole id: a short one can come to mean another commit */
        public Commit {
            if (!WHOLE.matcher(id).matches()) {
                throw new IllegalArgumentException("\"" + id + "\" is not the 40 lower-case hex digits of a commit");
            }
        }

        @Override
        public String toString() {
            return id;
        }
    }
}
