package dev.trimtab.sandbox.api.kinds;

import dev.trimtab.sandbox.api.Cause;
import java.util.List;
import java.util.regex.Pattern;

/** Which texts can be names; the rules and words of {@code k8s.io/apimachinery/pkg/util/validation}. */
public final class Names {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final int LABEL_LENGTH = 63;
    private static final int SUBDOMAIN_LENGTH = 253;

    private Names() {}

    /** RFC 1123 label. */
    public static void label(String field, String text, List<Cause> causes) {
        if (text.length() > LABEL_LENGTH) {
            causes.add(Cause.invalid(field, text, "must be no more than 63 characters"));
        }
        if (!LABEL.matcher(text).matches()) {
            causes.add(Cause.invalid(
                    field,
                    text,
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start"
                            + " and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for"
                            + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"));
        }
    }

    /** RFC 1123 subdomain. */
    public static void subdomain(String field, String text, List<Cause> causes) {
        if (text.length() > SUBDOMAIN_LENGTH) {
            causes.add(Cause.invalid(field, text, "must be no more than 253 characters"));
        }
        if (!SUBDOMAIN.matcher(text).matches()) {
            causes.add(Cause.invalid(
                    field,
                    text,
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and"
                            + " must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                            + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"));
        }
    }

    /** Anything that is one segment of a path. */
    public static void pathSegment(String field, String text, List<Cause> causes) {
        if (text.equals(".") || text.equals("..")) {
            causes.add(Cause.invalid(field, text, "may not be '" + text + "'"));
        }
        for (String illegal : List.of("/", "%")) {
            if (text.contains(illegal)) {
                causes.add(Cause.invalid(field, text, "may not contain '" + illegal + "'"));
            }
        }
    }

    /** A key of labels, annotations and the like: an optional prefix, a slash, a name. */
    public static void qualified(String field, String text, List<Cause> causes) {
        int slash = text.lastIndexOf('/');
        String name = text.substring(slash + 1);
        if (slash == 0) {
            causes.add(Cause.invalid(field, text, "prefix part must be non-empty"));
        }
        if (name.isEmpty()) {
            causes.add(Cause.invalid(field, text, "name part must be non-empty"));
        } else if (name.length() > LABEL_LENGTH) {
            causes.add(Cause.invalid(field, text, "name part must be no more than 63 characters"));
        } else if (!QUALIFIED.matcher(name).matches()) {
            causes.add(Cause.invalid(
                    field,
                    text,
                    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                            + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
                            + " validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"));
        }
    }

    public static void labelValue(String field, String text, List<Cause> causes) {
        if (text.length() > LABEL_LENGTH) {
            causes.add(Cause.invalid(field, text, "must be no more than 63 characters"));
        }
        if (!VALUE.matcher(text).matches()) {
            causes.add(Cause.invalid(
                    field,
                    text,
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and"
                            + " must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or"
                            + " '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"));
        }
    }
}
