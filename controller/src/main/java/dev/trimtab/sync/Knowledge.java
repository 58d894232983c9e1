package dev.trimtab.sync;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** How fresh it is what a sync knows. The sync's thread writes, any may read. */
final class Knowledge {

    private volatile Optional<Instant> fetched = Optional.empty();
    private volatile Optional<Instant> compared = Optional.empty();
    private volatile boolean open = true;
    private volatile boolean applying;
    private volatile Supplier<Optional<Instant>> heard = Optional::empty;

    /** The repository answered. */
    void fetched(Instant at) {
        fetched = Optional.of(at);
    }

    /** Everything was compared with the cluster. */
    void compared(Instant at) {
        compared = Optional.of(at);
    }

    /** Whether something is left to be compared or tried again. */
    void open(boolean left) {
        open = left;
    }

    /** @param source up to when the watches told of everything */
    void hears(Supplier<Optional<Instant>> source) {
        heard = source;
    }

    void applying(boolean now) {
        applying = now;
    }

    Optional<Instant> fetched() {
        return fetched;
    }

    boolean applying() {
        return applying;
    }

    /** Up to when the cluster is known: at rest the watches keep what was compared true. */
    Optional<Instant> compared() {
        Optional<Instant> last = compared;
        return open || last.isEmpty()
                ? last
                : heard.get().filter(later -> later.isAfter(last.get())).or(() -> last);
    }
}
