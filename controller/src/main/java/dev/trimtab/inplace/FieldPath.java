package dev.trimtab.inplace;

/**
 * A field as people read it: list entries by name, not by index, for instance {@code containers[web].env[MODE]}; relative to
 * the pod's spec, or beginning with {@code metadata.}.
 */
public record FieldPath(String value) {

    @Override
    public String toString() {
        return value;
    }
}
