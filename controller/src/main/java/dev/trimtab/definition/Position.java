package dev.trimtab.definition;

import dev.trimtab.source.RepoPath;

/** Where something was written: line and column count from 1. */
public record Position(RepoPath file, int line, int column) {

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
