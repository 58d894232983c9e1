package dev.trimtab.plan;

import dev.trimtab.codes.Code;
import java.util.List;
import java.util.Optional;

/**
 * Why this action and not a gentler one.
 *
 * @param fields the paths that decided
 * @param advice how to get a gentler action
 */
public record Reason(Code code, String text, List<String> fields, Optional<String> advice) {

    public Reason {
        fields = List.copyOf(fields);
    }
}
