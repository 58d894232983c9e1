package dev.trimtab.report;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;

/** How many tests passed, failed and did not run, and why not. Tests may end on any thread. */
final class Tally {

    private static final TestTag CONFORMANCE = TestTag.create("conformance");

    private final Counts conformance = new Counts();
    private final Counts others = new Counts();
    /** By reason, then by class. */
    private final Map<String, Map<String, Long>> reasons = new TreeMap<>();

    private String judge = "no judge";

    private static final class Counts {
        private long passed;
        private long failed;
        private long skipped;

        private boolean any() {
            return passed + failed + skipped > 0;
        }

        @Override
        public String toString() {
            return passed + " passed, " + failed + " failed, " + skipped + " not run";
        }
    }

    synchronized void judge(String name) {
        judge = name;
    }

    synchronized void passed(TestIdentifier test) {
        counts(test).passed++;
    }

    synchronized void failed(TestIdentifier test) {
        counts(test).failed++;
    }

    synchronized void skipped(TestIdentifier test, long tests, String reason) {
        counts(test).skipped += tests;
        reasons.computeIfAbsent(reason.strip(), it -> new TreeMap<>()).merge(className(test), tests, Long::sum);
    }

    private Counts counts(TestIdentifier test) {
        return test.getTags().contains(CONFORMANCE) ? conformance : others;
    }

    private static String className(TestIdentifier test) {
        Optional<String> name = test.getSource()
                .flatMap(source -> source instanceof ClassSource type
                        ? Optional.of(type.getClassName())
                        : source instanceof MethodSource method
                                ? Optional.of(method.getClassName())
                                : Optional.empty());
        return name.map(it -> it.substring(it.lastIndexOf('.') + 1)).orElseGet(test::getDisplayName);
    }

    /** Lines with a line feed each; none if nothing was there to run. */
    synchronized String text() {
        StringBuilder text = new StringBuilder();
        reasons.forEach((reason, classes) -> text.append("not run: ")
                .append(reason)
                .append(classes.entrySet().stream()
                        .map(it -> it.getKey() + " " + it.getValue())
                        .collect(Collectors.joining(", ", " (", ")\n"))));
        if (conformance.any()) {
            text.append("conformance on ")
                    .append(judge)
                    .append(": ")
                    .append(conformance)
                    .append('\n');
        }
        if (others.any()) {
            text.append("tests: ").append(others).append('\n');
        }
        return text.toString();
    }
}
