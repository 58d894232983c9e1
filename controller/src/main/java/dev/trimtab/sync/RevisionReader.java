package dev.trimtab.sync;

import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.plan.ConfigMarks;
import dev.trimtab.render.Desired;
import dev.trimtab.render.IgnoreRules;
import dev.trimtab.render.Renderer;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;

/** What the files of a revision ask for, as one sync reads them. */
public final class RevisionReader {

    private final String sync;
    private final RepoPath path;
    private final IgnoreRules ignore;
    private final UpdateStrategy.Policy policy;
    private final Definitions definitions;
    private final Renderer renderer = new Renderer();

    public RevisionReader(ClusterSync spec) {
        this.sync = spec.name();
        this.path = spec.source().path();
        this.ignore = spec.ignore();
        this.policy = spec.updatePolicy();
        this.definitions = new Definitions(spec.source().definitionLimits());
    }

    /** Everything that is wrong with it is among its problems. */
    public Definition read(RepoTree tree) {
        return renderer.check(definitions.read(tree, path));
    }

    /** The objects that a definition asks for which is not refused. */
    public Desired render(Definition definition) {
        return ConfigMarks.on(ignore.on(renderer.render(definition, sync)), policy);
    }
}
