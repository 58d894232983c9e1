package dev.trimtab.nodes;

import dev.trimtab.definition.Inventory.Taint;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which taints of a node come from Git, as annotation {@link Marks#OWNED_TAINTS} remembers it: taints have no field managers of their
 * own, since the list of them is one field.
 */
final class OwnedTaints {

    private static final Pattern ENTRY = Pattern.compile("([^:,\\s]+:[A-Za-z]+)(:found)?");

    /** By {@code key:Effect}: whether it was on the node before Git held it. */
    private final SortedMap<String, Boolean> found = new TreeMap<>();

    /** What the annotation says; a part that is not understood stands for nothing. */
    static OwnedTaints parse(String annotation) {
        OwnedTaints owned = new OwnedTaints();
        for (String part : annotation.split(",", -1)) {
            Matcher matcher = ENTRY.matcher(part.strip());
            if (matcher.matches()) {
                owned.found.put(matcher.group(1), matcher.group(2) != null);
            }
        }
        return owned;
    }

    static String id(Taint taint) {
        return taint.key() + ":" + taint.effect().written();
    }

    boolean knows(String id) {
        return found.containsKey(id);
    }

    /** Whether Trimtab put it there. */
    boolean owns(String id) {
        return Boolean.FALSE.equals(found.get(id));
    }

    void own(String id) {
        found.put(id, false);
    }

    /** Git holds it, and it was there already. */
    void meet(String id) {
        found.putIfAbsent(id, true);
    }

    /** What {@link #parse} reads; empty when there is nothing to remember. */
    String text() {
        return found.entrySet().stream()
                .map(entry -> entry.getKey() + (entry.getValue() ? ":found" : ""))
                .collect(Collectors.joining(","));
    }
}
