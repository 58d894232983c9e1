package dev.trimtab.render;

import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Problem;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with the order that one object asks for. */
final class OrderProblems {

    private static final String DEPENDS_ON = pointer(Dependencies.ANNOTATION);
    private static final String WAVE = pointer(Dependencies.WAVE);

    private OrderProblems() {}

    /** @param cycle of the whole set; told by the object that it begins with */
    static List<Problem> of(ObjectKey key, Manifest written, Dependencies dependencies, List<ObjectKey> cycle) {
        List<Problem> problems = new ArrayList<>();
        for (String entry : dependencies.unknown(key)) {
            problems.add(
                    Renderer.problem(
                            written,
                            DEPENDS_ON,
                            RenderCode.UNKNOWN_DEPENDENCY,
                            key + " depends on \"" + entry + "\", which is not in Git",
                            "write Kind/name, Kind/namespace/name, or group/Kind/namespace/name, of an object of this repository"));
        }
        if (!cycle.isEmpty() && cycle.get(0).equals(key)) {
            String circle = cycle.stream().map(ObjectKey::toString).collect(Collectors.joining(" -> "));
            problems.add(Renderer.problem(
                    written,
                    DEPENDS_ON,
                    RenderCode.DEPENDENCY_CYCLE,
                    "objects depend on each other: " + circle + " -> " + key,
                    "remove one " + Dependencies.ANNOTATION + " annotation, or one entry of a WorkloadSet's requires"));
        }
        dependencies
                .notWave(key)
                .ifPresent(text -> problems.add(Renderer.problem(
                        written,
                        WAVE,
                        RenderCode.WAVE_NOT_A_NUMBER,
                        key + " is in wave \"" + text + "\"",
                        "write an integer in quotes, such as \"1\" or \"-1\"")));
        for (ObjectKey later : dependencies.later(key)) {
            problems.add(Renderer.problem(
                    written,
                    WAVE,
                    RenderCode.DEPENDENCY_OF_LATER_WAVE,
                    key + " of wave " + dependencies.wave(key) + " depends on " + later + " of wave "
                            + dependencies.wave(later),
                    "write " + Dependencies.WAVE + ": \"" + dependencies.wave(key) + "\" or lower on " + later));
        }
        return problems;
    }

    private static String pointer(String annotation) {
        return "/metadata/annotations/" + annotation.replace("/", "~1");
    }
}
