package dev.trimtab.sandbox.api.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Endpoint;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.Resource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a kind, and how an object fills them; the columns are those of the real API server's printers. */
public final class Tables {

    private static final Map<String, Tables> BUILTIN = builtin();
    private static final Tables NAME_AND_AGE = new Tables(List.of(Column.objectName(), Column.age()));

    private final List<Column> columns;

    private Tables(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    private static Map<String, Tables> builtin() {
        Map<String, Tables> tables = new HashMap<>();
        tables.put("pods", new Tables(PodColumns.COLUMNS));
        WorkloadColumns.BY_RESOURCE.forEach((name, columns) -> tables.put(name, new Tables(columns)));
        GroupColumns.BY_RESOURCE.forEach((name, columns) -> tables.put(name, new Tables(columns)));
        CoreColumns.BY_RESOURCE.forEach((name, columns) -> tables.put(name, new Tables(columns)));
        return Map.copyOf(tables);
    }

    public static Tables of(Endpoint endpoint) {
        Resource resource = endpoint.resource();
        return endpoint.version()
                .schema()
                .map(custom -> new Tables(CustomColumns.of(custom.columns())))
                .orElseGet(() -> BUILTIN.getOrDefault(resource.name(), NAME_AND_AGE));
    }

    public ArrayNode columns() {
        ArrayNode definitions = Json.MAPPER.createArrayNode();
        for (Column column : columns) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
        return definitions;
    }

    /** @param now what ages are counted to */
    public ArrayNode cells(ObjectNode object, Instant now) {
        ArrayNode cells = Json.MAPPER.createArrayNode();
        columns.forEach(column -> cells.addPOJO(column.cell().of(object, now)));
        return cells;
    }
}
