package dev.trimtab.source;

import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;

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
                PackParser parser = super.newPackParser(new Bounded(in, limits.fetchBytes()));
                parser.setMaxObjectSizeLimit(limits.objectBytes());
                return parser;
            }
        };
    }

    /** JGit's own stream of this kind says that it ended when the sender is slow at the moment the limit is reached. */
    private static final class Bounded extends FilterInputStream {
        private final long limit;
        private long read;

        Bounded(InputStream in, long limit) {
            super(in);
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int bytes = super.read(buffer, from, length);
            count(Math.max(0, bytes));
            return bytes;
        }

        private void count(int bytes) throws TooLargePackException {
            read += bytes;
            if (read > limit) {
                throw new TooLargePackException(limit);
            }
        }
    }
}
