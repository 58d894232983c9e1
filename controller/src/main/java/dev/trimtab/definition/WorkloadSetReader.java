package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;

import dev.trimtab.source.RepoPath;

/** Reads kind {@link WorkloadSet}: the names of its fields, their types, their defaults and what they mean. */
final class WorkloadSetReader {

    private WorkloadSetReader() {}

    static WorkloadSet read(Fields document, Fields metadata) {
        Fields spec = document.object("spec", "how the manifests below a folder are applied");
        return new WorkloadSet(
                metadata.text("name", "by which other sets require it"),
                path(spec),
                spec.text("namespace", "for manifests that name none"),
                spec.anyNumber("wave", "sets with a lower number go first", 0),
                spec.flag("prune", "whether what leaves the folder leaves the cluster", true),
                spec.texts("requires", "names of add-ons (`flannel`, `kuboard-agent`) and of other sets"),
                document.origin());
    }

    private static RepoPath path(Fields spec) {
        String written = spec.required("path", "the folder, from the definition's root");
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
