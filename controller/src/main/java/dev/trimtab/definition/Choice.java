package dev.trimtab.definition;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One of a fixed set of words that a field may hold. */
public interface Choice {

    /** The word as it stands in YAML. */
    String written();

    /** All words of a set, in their order. */
    static <E extends Enum<E> & Choice> List<String> words(Class<E> set) {
        return Arrays.stream(set.getEnumConstants()).map(Choice::written).toList();
    }

    /** What a word means; empty when it is none of the set. */
    static <E extends Enum<E> & Choice> Optional<E> of(Class<E> set, String written) {
        return Arrays.stream(set.getEnumConstants())
                .filter(word -> word.written().equals(written))
                .findFirst();
    }
}
