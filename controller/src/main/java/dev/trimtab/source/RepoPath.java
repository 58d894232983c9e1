package dev.trimtab.source;

/**
 * A path inside a repository: slashes, no leading or trailing one, no {@code .} or {@code ..} segment; empty is the root.
 */
public record RepoPath(String value) implements Comparable<RepoPath> {

    public static final RepoPath ROOT = new RepoPath("");

    public RepoPath {
        if (value.startsWith("/") || value.endsWith("/")) {
            throw new IllegalArgumentException("\"" + value + "\" must be relative, without a slash at either end");
        }
        for (String segment : value.isEmpty() ? new String[0] : value.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("\"" + value + "\" has an empty, . or .. segment");
            }
        }
    }

    /** True for this path itself and everything below it. */
    public boolean contains(RepoPath other) {
        return value.isEmpty() || other.value.equals(value) || other.value.startsWith(value + "/");
    }

    public RepoPath resolve(String child) {
        return new RepoPath(value.isEmpty() ? child : value + "/" + child);
    }

    @Override
    public int compareTo(RepoPath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.isEmpty() ? "." : value;
    }
}
