package dev.trimtab.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * All objects of a resource at one moment, in {@link Key} order.
 *
 * @param version every change with a greater version happened after this listing, every other one is in it
 */
public record Listing(List<ObjectNode> objects, long version) {

    public Listing {
        objects = List.copyOf(objects);
    }
}
