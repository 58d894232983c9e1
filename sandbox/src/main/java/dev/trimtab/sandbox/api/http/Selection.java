package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Endpoint;
import dev.trimtab.sandbox.api.FieldSelector;
import dev.trimtab.sandbox.api.LabelSelector;
import dev.trimtab.sandbox.api.Resource;
import java.util.Set;
import java.util.function.Predicate;

/** Which objects of a collection a request is about. */
record Selection(LabelSelector labels, FieldSelector fields) implements Predicate<ObjectNode> {

    static Selection of(Query query, Endpoint endpoint) {
        Set<String> selectable = endpoint.version()
                .schema()
                .map(Resource.CustomVersion::selectableFields)
                .orElse(Set.of());
        return new Selection(
                LabelSelector.parse(query.text("labelSelector")),
                FieldSelector.parse(query.text("fieldSelector"), endpoint.resource(), selectable));
    }

    /** False when it is about all of them. */
    boolean selects() {
        return !labels.everything() || !fields.everything();
    }

    @Override
    public boolean test(ObjectNode object) {
        return labels.test(object) && fields.test(object);
    }
}
