package dev.trimtab.sandbox.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code additionalPrinterColumns} of a definition. */
final class CustomColumns {

    private CustomColumns() {}

    static List<Column> of(List<Resource.PrinterColumn> declared) {
        if (declared.isEmpty()) {
            return List.of(Column.objectName(), Column.age());
        }
        List<Column> columns = new ArrayList<>();
        columns.add(Column.objectName());
        for (Resource.PrinterColumn column : declared) {
            ColumnPath path = ColumnPath.parse(column.jsonPath());
            columns.add(new Column(
                    column.name(),
                    column.type(),
                    column.format(),
                    column.priority(),
                    column.description().isEmpty()
                            ? "Custom resource definition column (in JSONPath format): " + column.jsonPath()
                            : column.description(),
                    (object, now) -> cell(column.type(), path.find(object), now)));
        }
        return columns;
    }

    private static @Nullable Object cell(String type, List<JsonNode> found, Instant now) {
        if (found.isEmpty() || found.get(0).isNull()) {
            return null;
        }
        JsonNode value = found.get(0);
        return switch (type) {
            case "integer" -> value.isNumber() ? value.asLong() : null;
            case "number" -> value.isNumber() ? value.asDouble() : null;
            case "boolean" -> value.isBoolean() ? value.asBoolean() : null;
            case "date" -> Ages.since(value, now);
            default -> found.size() == 1 && value instanceof ObjectNode object ? object.toString() : text(found);
        };
    }

    private static String text(List<JsonNode> found) {
        return String.join(
                ",",
                found.stream()
                        .map(each -> each.isValueNode() ? each.asText() : each.toString())
                        .toList());
    }
}
