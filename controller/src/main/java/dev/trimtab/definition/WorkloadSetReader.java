package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;

import dev.trimtab.source.RepoPath;

/** Reads kind {@link WorkloadSet}: the names of its fields, their types and their defaults. */
final class WorkloadSetReader {

    private WorkloadSetReader() {}

    static WorkloadSet read(Fields document, Fields metadata) {
        Fields spec = document.object("spec");
        return new WorkloadSet(
                metadata.text("name"),
                path(spec),
                spec.text("namespace"),
                spec.number("wave", 0),
                spec.flag("prune", true),
                spec.texts("requires"),
                document.origin());
    }

    private static RepoPath path(Fields spec) {
        String written = spec.required("path");
        try {
            return new RepoPath(written);
        } catch (IllegalArgumentException e) {
            spec.wrong(
                    CD001,
                    "path",
                    "WorkloadSet.spec.path " + e.getMessage(),
                    "write a folder below the definition, for instance workloads/shop");
            return RepoPath.ROOT;
        }
    }
}
