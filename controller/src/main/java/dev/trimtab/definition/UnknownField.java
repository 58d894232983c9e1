package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;
import static dev.trimtab.definition.DefinitionCode.CD040;

import java.util.Collection;
import java.util.Optional;

/**
 * A field that no reader asked for: a slip of the pen, or a secret where only its name belongs.
 *
 * @param mapping path of what holds it, as people write it
 * @param name of the field
 * @param known the fields that the mapping may have
 */
record UnknownField(String mapping, String name, Collection<String> known) {

    void tell(Position at, Problems problems) {
        if (SecretMaterial.isNamedBy(name)) {
            problems.error(
                    CD040,
                    at,
                    last() + "." + name + " is not allowed in Git"
                            + secretField().map(field -> "; use " + field).orElse(""),
                    "take the value out of Git and its history, change it, and keep it in a Secret");
            return;
        }
        Optional<String> closest = Suggestion.closest(name, known);
        problems.error(
                CD001,
                at,
                "unknown field \"" + name + "\" in " + mapping
                        + closest.map(word -> "; did you mean \"" + word + "\"?")
                                .orElse(""),
                closest.map(word -> "write " + word).orElse("use one of " + String.join(", ", known)));
    }

    private String last() {
        return mapping.substring(mapping.lastIndexOf('.') + 1);
    }

    /** The field of the same mapping that names a Secret, for instance {@code ssh.keySecretRef}. */
    private Optional<String> secretField() {
        return known.stream()
                .filter(field -> field.endsWith("SecretRef"))
                .findFirst()
                .map(field -> last() + "." + field);
    }
}
