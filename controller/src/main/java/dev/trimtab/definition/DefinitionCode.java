package dev.trimtab.definition;

import dev.trimtab.codes.Code;

/** What can be wrong with a definition. YML: the text; DEF: the set of files and objects; CD: Trimtab's own kinds. */
public enum DefinitionCode implements Code {
    YML001("A file is not well-formed YAML or JSON."),
    YML002("A mapping holds the same key twice."),
    YML003("A file is not UTF-8 text, or holds a character that YAML does not allow."),
    YML004("A file uses too many aliases, an alias holds itself, or the aliases expand to too many values."),
    YML005("Lists and mappings are nested too deeply."),
    YML006("A file is larger than allowed."),
    YML007("A document is no Kubernetes object: it has no apiVersion or no kind."),
    YML008("A value cannot be written as JSON, for instance .nan, or does not fit its tag."),
    DEF001("A path is a symbolic link; links are not followed."),
    DEF002("A path is a Git submodule; submodules are not read."),
    DEF003("One object is defined twice."),
    DEF004("There is nothing at the definition's path."),
    DEF005("An object has no usable metadata: its name is missing, or a name, label or annotation is not a string."),
    DEF006("There are more manifest files, or more text in them, than allowed."),
    CD001(
            "A document of Trimtab's own kinds has an unknown kind, version or field, lacks a field, or holds a wrong value."),
    CD002("A cluster definition holds no Cluster document, or more than one."),
    CD021("Two nodes have the same name."),
    CD030("A taint's effect is none that Kubernetes knows."),
    CD061("Flannel's backend type is unknown.");

    private final String meaning;

    DefinitionCode(String meaning) {
        this.meaning = meaning;
    }

    @Override
    public String id() {
        return name();
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
