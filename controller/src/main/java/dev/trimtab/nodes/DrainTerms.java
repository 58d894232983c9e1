package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a drain may go on.
 *
 * @param limit then it stops, and what is left on the node stays there
 * @param anew whether a drain that stopped begins again; a person who applies wants it to, a controller goes by what the node says
 */
public record DrainTerms(Duration limit, boolean anew) {

    private static final Duration STANDARD = Duration.ofMinutes(5);

    /** Of a controller. */
    public static final DrainTerms CONTROLLER = new DrainTerms(STANDARD, false);

    /** Of a plan or an apply by a person. */
    public static DrainTerms byPerson(Duration limit) {
        return new DrainTerms(limit, true);
    }

    /** Whether a drain that began earlier may not go on. */
    boolean over(LiveNode node, Instant now) {
        return !anew && began(node).filter(at -> !now.isBefore(at.plus(limit))).isPresent();
    }

    static Optional<Instant> began(LiveNode node) {
        return node.annotation(Marks.DRAIN_BEGAN).flatMap(text -> NodeConditions.time(TextNode.valueOf(text)));
    }
}
