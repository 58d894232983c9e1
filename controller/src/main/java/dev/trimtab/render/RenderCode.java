package dev.trimtab.render;

import dev.trimtab.codes.Code;

/** What can be wrong with a set of manifests once it is known which object each of them is. */
public enum RenderCode implements Code {
    NAME_MISSING("RND001", "An object has no metadata.name; generateName names a new object at every apply."),
    DEFINED_TWICE("RND002", "Two manifests are one object once their namespaces are filled in."),
    UNKNOWN_DEPENDENCY("RND003", "An object depends on one that is not in Git."),
    DEPENDENCY_CYCLE("RND004", "Objects depend on each other in a circle."),
    SECRET_NOT_READABLE("RND005", "A Secret's stringData is not a map of text."),
    WAVE_NOT_A_NUMBER("RND006", "The annotation trimtab.dev/wave is not an integer."),
    DEPENDENCY_OF_LATER_WAVE("RND007", "An object depends on one of a later wave, which waits for it."),
    ENCRYPTED("RND008", "An object is encrypted with SOPS, and Trimtab decrypts nothing."),
    ANNOTATION_VALUE("RND009", "An annotation of Trimtab's has a value that it does not know."),
    UNKNOWN_REQUIREMENT("RND010", "A WorkloadSet requires what is neither an add-on nor a WorkloadSet."),
    TEMPLATE_FIELD("TPL001", "A template that no API server checks holds a field that Kubernetes does not know."),
    TEMPLATE_TYPE("TPL002", "A value in a template that no API server checks has another type than its field."),
    TEMPLATE_QUANTITY("TPL003", "A value in a template that no API server checks is not a quantity.");

    private final String id;
    private final String meaning;

    RenderCode(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
