package dev.trimtab.sync;

import dev.trimtab.definition.Definition;
import dev.trimtab.nodes.DeclaredNodes;
import dev.trimtab.render.Desired;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;
import dev.trimtab.source.Revision;
import dev.trimtab.source.Source;
import dev.trimtab.source.SourceException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the cluster is asked for: the objects of the last revision that could be read as a whole. */
final class InForce {

    private static final Logger log = LoggerFactory.getLogger(InForce.class);

    private final String sync;
    private final RepoPath path;
    private final Source source;
    private final News news;
    private final RevisionReader reader;

    /** The last revision that was read to its end; one that was not is read again. */
    private Optional<Revision> read = Optional.empty();

    private Optional<Desired> desired = Optional.empty();
    private Optional<DeclaredNodes> nodes = Optional.empty();
    /** Nothing is in force because the first revision was refused or could not be had: the one that an earlier process applied has to be looked for. */
    private boolean recallDue;

    InForce(ClusterSync spec, Source source, News news) {
        this.sync = spec.name();
        this.path = spec.source().path();
        this.reader = new RevisionReader(spec);
        this.source = source;
        this.news = news;
    }

    Optional<Desired> desired() {
        return desired;
    }

    /** What the same revision says of nodes; empty when it says nothing. */
    Optional<DeclaredNodes> nodes() {
        return nodes;
    }

    /**
     * Reads a revision, unless it was the last one read, and puts it in force when nothing is wrong with it.
     *
     * @return false when the cluster need not be asked
     * @throws SourceException when the repository does not hand it out
     */
    boolean read(Revision revision) {
        if (read.map(Revision::commit).equals(Optional.of(revision.commit()))) {
            return false;
        }
        boolean ask = readDefinition(revision);
        read = Optional.of(revision);
        return ask;
    }

    private boolean readDefinition(Revision revision) {
        try (RepoTree tree = source.tree(revision)) {
            if (read.isPresent()
                    && desired.isPresent()
                    && tree.since(read.get(), path).isEmpty()) {
                news.tell(new SyncEvent.OutsidePath(revision));
                return false;
            }
            Definition definition = reader.read(tree);
            if (definition.refused()) {
                news.tell(new SyncEvent.Refused(revision, definition.problems()));
                recallDue = desired.isEmpty();
                return false;
            }
            if (!definition.problems().isEmpty()) {
                news.tell(new SyncEvent.Warned(revision, definition.problems()));
            }
            putInForce(definition);
            recallDue = false;
            return true;
        }
    }

    /** The repository hands nothing out that could be put in force. */
    void lookBack() {
        recallDue = desired.isEmpty();
    }

    boolean recallDue() {
        return recallDue;
    }

    /**
     * Puts the revision in force again that an earlier process applied, where the mirror still has it.
     *
     * @return whether something is in force now
     */
    boolean recall(Optional<Revision> applied) {
        recallDue = false;
        if (applied.isEmpty() || applied.get().commit().equals(Revision.WORKTREE)) {
            return false;
        }
        try (RepoTree tree = source.tree(applied.get())) {
            Definition definition = reader.read(tree);
            if (definition.refused()) {
                return false;
            }
            putInForce(definition);
            return true;
        } catch (SourceException e) {
            // A history that was rewritten, or a mirror that was lost: then nothing is in force until a good revision
            // comes.
            log.info("{}: {} cannot be read any more", sync, applied.get().shortCommit());
            return false;
        }
    }

    private void putInForce(Definition definition) {
        desired = Optional.of(reader.render(definition));
        nodes = DeclaredNodes.of(definition);
    }
}
