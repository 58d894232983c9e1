package dev.trimtab.nodes;

import dev.trimtab.definition.Inventory.Taint;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which taints of a node come from Git, as annotation {@link Marks#OWNED_TAINTS} remembers it: taints have no field managers of their
 * own, since the list of them is one field.
 */
final class OwnedTaints {

    /** The ending is of an older form, which told those that were on the node before from the others. */
    private static final Pattern ENTRY = Pattern.compile("([^:,\\s]+:[A-Za-z]+)(:found)?");

    private final SortedSet<String> ids = new TreeSet<>();

    /** What the annotation says; a part that is not understood stands for nothing. */
    static OwnedTaints parse(String annotation) {
        OwnedTaints owned = new OwnedTaints();
        for (String part : annotation.split(",", -1)) {
            Matcher matcher = ENTRY.matcher(part.strip());
            if (matcher.matches()) {
                owned.ids.add(matcher.group(1));
            }
        }
        return owned;
    }

    static String id(Taint taint) {
        return taint.key() + ":" + taint.effect().written();
    }

    /** Whether Git has held it since, so that it goes when it leaves Git. */
    boolean owns(String id) {
        return ids.contains(id);
    }

    void own(String id) {
        ids.add(id);
    }

    /** What {@link #parse} reads; empty when there is nothing to remember. */
    String text() {
        return String.join(",", ids);
    }
}
