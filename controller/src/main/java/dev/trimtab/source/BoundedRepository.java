package dev.trimtab.source;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;
import org.eclipse.jgit.util.io.LimitedInputStream;

/**
 * A repository that takes no more than so many bytes at a time, whichever way they come. JGit knows such limits for pushes
 * only; each fetch, of any transport, goes through the inserter. What {@link FileRepositoryBuilder} builds is this class's
 * parent.
 */
final class BoundedRepository extends FileRepository {

    private final TransferLimits limits;

    private BoundedRepository(BaseRepositoryBuilder<?, ?> options, TransferLimits limits) throws IOException {
        super(options);
        this.limits = limits;
    }

    /** @throws IOException when it is not there, though it must be, or cannot be read */
    static BoundedRepository open(File directory, boolean mustExist, TransferLimits limits) throws IOException {
        BoundedRepository repository = new BoundedRepository(
                new FileRepositoryBuilder().setGitDir(directory).setBare().setup(), limits);
        if (mustExist && !repository.getObjectDatabase().exists()) {
            throw new RepositoryNotFoundException(directory);
        }
        return repository;
    }

    @Override
    public ObjectInserter newObjectInserter() {
        ObjectInserter unbounded = super.newObjectInserter();
        return new ObjectInserter.Filter() {
            @Override
            protected ObjectInserter delegate() {
                return unbounded;
            }

            @Override
            public PackParser newPackParser(InputStream in) throws IOException {
                PackParser parser = super.newPackParser(new LimitedInputStream(in, limits.fetchBytes()) {
                    @Override
                    protected void limitExceeded() throws TooLargePackException {
                        throw new TooLargePackException(limits.fetchBytes());
                    }
                });
                parser.setMaxObjectSizeLimit(limits.objectBytes());
                return parser;
            }
        };
    }
}
