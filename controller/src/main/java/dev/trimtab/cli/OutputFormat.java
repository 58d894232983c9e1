package dev.trimtab.cli;

/** What a result looks like: for people, or one JSON document. */
enum OutputFormat {
    TEXT,
    JSON
}
