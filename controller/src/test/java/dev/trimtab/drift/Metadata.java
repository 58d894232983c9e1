package dev.trimtab.drift;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Metadata of a ConfigMap {@code shop/web} that one manager applied. */
final class Metadata {

    private Metadata() {}

    static ObjectNode of(String manager, String resourceVersion) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("name", "web").put("namespace", "shop").put("uid", "u-1");
        metadata.put("resourceVersion", resourceVersion).put("generation", 7);
        metadata.putObject("labels").put("app", "web").put("trimtab.dev/sync", "shop");
        metadata.putObject("annotations").put("team", "red").put("rev", "1");
        ObjectNode fields = entry(metadata, manager, "f:data");
        fields.withObject("/f:data").putObject("f:a");
        ObjectNode ours = fields.putObject("f:metadata");
        ours.putObject("f:labels").putObject("f:app");
        ((ObjectNode) ours.get("f:labels")).putObject("f:trimtab.dev/sync");
        ours.putObject("f:annotations").putObject("f:team");
        return metadata;
    }

    static ObjectNode entry(ObjectNode metadata, String manager, String field) {
        ObjectNode entry = metadata.withArray("/managedFields").addObject();
        entry.put("manager", manager).put("operation", "Apply").put("time", "2026-11-21T10:00:00Z");
        ObjectNode fields = entry.putObject("fieldsV1");
        fields.putObject(field);
        return fields;
    }
}
