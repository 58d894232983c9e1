package dev.trimtab.sandbox.judge;

import java.util.ArrayList;
import java.util.List;

/** A command line of {@code --name=value}. */
final class Flags {

    private final List<String> list = new ArrayList<>();

    Flags with(String name, Object value) {
        list.add("--" + name + "=" + value);
        return this;
    }

    List<String> list() {
        return List.copyOf(list);
    }
}
