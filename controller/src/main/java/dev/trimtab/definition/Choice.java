package dev.trimtab.definition;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One of a fixed set of words that a field may hold. */
public interface Choice {

    /** The constant's name in Java. */
    String name();

    /** The word as it stands in YAML: the constant's name in small letters with dashes, unless a set says otherwise. */
    default String written() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

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
