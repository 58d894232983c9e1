package dev.trimtab.drift;

import dev.trimtab.kube.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides when a field that drifted is put back. The first time at once; while somebody sets it back again and again, later and
 * later; and then no more, because two writers that overwrite each other help nobody.
 *
 * <p>Each heal of a field warms it by one, and warmth halves every {@link Limits#halfLife}. A field of warmth <i>w</i> is healed
 * <i>2^w - 1</i> times {@link Limits#firstWait} after its last heal, and from {@link Limits#fightAt} on it is fought over and left
 * alone until {@link #ended}, {@link #reset()} or {@link #reset(ObjectKey)}. Not thread-safe.
 */
public final class Healing {

    /**
     * @param fightAt warmth from which a field is no longer healed
     * @param halfLife in which warmth halves
     * @param firstWait before the second heal of a field, when the first has just been
     */
    public record Limits(double fightAt, Duration halfLife, Duration firstWait) {

        /** Five heals within a minute are a fight; one heal every two minutes is none however long it goes on. */
        public static final Limits STANDARD = new Limits(4.5, Duration.ofMinutes(5), Duration.ofSeconds(1));
    }

    /** What becomes of a field, or of all the fields of an object that drifted. */
    public enum Verdict {
        NOW,
        LATER,
        /** Not before {@link #ended} or a reset. */
        FIGHT
    }

    private record Field(ObjectKey object, String path) {}

    private record Warmth(double degrees, Instant at, boolean fight) {}

    /** What has cooled to less than this is forgotten: its wait is a few hundredths of the first one. */
    private static final double COLD = 0.05;

    private final Limits limits;
    private final Map<Field, Warmth> warm = new HashMap<>();

    public Healing(Limits limits) {
        this.limits = limits;
    }

    /** Asked when the field is seen to have drifted: a field that is too warm by then is fought over from here on. */
    public Verdict verdict(ObjectKey object, String path, Instant now) {
        Field field = new Field(object, path);
        Warmth warmth = warm.get(field);
        if (warmth == null) {
            return Verdict.NOW;
        }
        if (!warmth.fight() && degrees(warmth, now) >= limits.fightAt()) {
            warmth = new Warmth(warmth.degrees(), warmth.at(), true);
            warm.put(field, warmth);
        }
        if (warmth.fight()) {
            return Verdict.FIGHT;
        }
        return now.isBefore(due(warmth, now)) ? Verdict.LATER : Verdict.NOW;
    }

    /** When the fields that {@link Verdict#LATER} was said of may be healed at the latest; empty when none of them has to wait. */
    public Optional<Instant> due(ObjectKey object, Collection<String> paths, Instant now) {
        return paths.stream()
                .map(path -> warm.get(new Field(object, path)))
                .flatMap(warmth -> warmth == null || warmth.fight() ? Stream.of() : Stream.of(due(warmth, now)))
                .max(Instant::compareTo);
    }

    /** These fields were put back. */
    public void healed(ObjectKey object, Collection<String> paths, Instant now) {
        warm.values().removeIf(warmth -> !warmth.fight() && degrees(warmth, now) < COLD);
        for (String path : paths) {
            warm.merge(
                    new Field(object, path),
                    new Warmth(1, now, false),
                    (before, one) -> new Warmth(degrees(before, now) + 1, now, before.fight()));
        }
    }

    /** Fields of the object that are fought over. */
    public Set<String> fights(ObjectKey object) {
        return warm.entrySet().stream()
                .filter(entry ->
                        entry.getValue().fight() && entry.getKey().object().equals(object))
                .map(entry -> entry.getKey().path())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Of the fights over the object only these go on: the other fields were found as desired, and not because we wrote them. */
    public void ended(ObjectKey object, Set<String> stillDrifting) {
        warm.entrySet()
                .removeIf(entry -> entry.getValue().fight()
                        && entry.getKey().object().equals(object)
                        && !stillDrifting.contains(entry.getKey().path()));
    }

    /** Git moved: what it holds now may please everybody. */
    public void reset() {
        warm.clear();
    }

    /** A person wants the object healed. */
    public void reset(ObjectKey object) {
        warm.keySet().removeIf(field -> field.object().equals(object));
    }

    private Instant due(Warmth warmth, Instant now) {
        double factor = Math.pow(2, degrees(warmth, now)) - 1;
        return warmth.at().plusMillis((long) (limits.firstWait().toMillis() * factor));
    }

    private double degrees(Warmth warmth, Instant now) {
        double halfLives = Duration.between(warmth.at(), now).toMillis()
                / (double) limits.halfLife().toMillis();
        // A clock that was set back must not make a fight of one heal.
        return warmth.degrees() * Math.pow(0.5, Math.max(0, halfLives));
    }
}
