package dev.trimtab.render;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.source.Revision;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that a revision wants in one cluster. */
public record Desired(Revision revision, SortedMap<ObjectKey, DesiredObject> objects) {

    public Desired {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
    }
}
