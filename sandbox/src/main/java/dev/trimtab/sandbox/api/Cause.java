package dev.trimtab.sandbox.api;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One reason why an object is invalid, worded as {@code k8s.io/apimachinery/pkg/util/validation/field} words it, because
 * clients match on these texts.
 *
 * @param reason a {@code CauseType} of the Kubernetes API
 * @param field path of the field, for instance {@code spec.containers[0].image}
 * @param detail the text after the path
 */
public record Cause(String reason, String field, String detail) {

    /** @param value quoted as it is; a number or a tree goes in as its JSON text by {@link #invalidValue} */
    public static Cause invalid(String field, String value, String detail) {
        return invalidValue(field, '"' + value + '"', detail);
    }

    public static Cause invalidValue(String field, String value, String detail) {
        return new Cause("FieldValueInvalid", field, "Invalid value: " + value + ": " + detail);
    }

    public static Cause required(String field, String detail) {
        return new Cause(
                "FieldValueRequired", field, detail.isEmpty() ? "Required value" : "Required value: " + detail);
    }

    /** @param supported named in this order if it has one, else sorted */
    public static Cause notSupported(String field, String value, Collection<String> supported) {
        Stream<String> names = supported instanceof List
                ? supported.stream()
                : supported.stream().sorted();
        String values = names.map(each -> '"' + each + '"').collect(Collectors.joining(", "));
        return new Cause(
                "FieldValueNotSupported", field, "Unsupported value: \"" + value + "\": supported values: " + values);
    }

    public static Cause duplicate(String field, String value) {
        return new Cause("FieldValueDuplicate", field, "Duplicate value: \"" + value + '"');
    }

    public static Cause notFound(String field, String value) {
        return new Cause("FieldValueNotFound", field, "Not found: \"" + value + '"');
    }

    public static Cause forbidden(String field, String detail) {
        return new Cause("FieldValueForbidden", field, "Forbidden: " + detail);
    }

    public static Cause tooLong(String field, int bytes) {
        return new Cause("FieldValueTooLong", field, "Too long: may not be more than " + bytes + " bytes");
    }

    /** Path and detail as the message of a Status shows them. */
    @Override
    public String toString() {
        return field + ": " + detail;
    }
}
