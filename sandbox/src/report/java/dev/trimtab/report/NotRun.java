package dev.trimtab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints at the end of a run what could not run and why, and writes it to the file that the system property {@code
 * report.file} names, so that the end of a longer build can say it again. With {@code report.quiet} it is only written.
 */
public final class NotRun implements TestExecutionListener {

    private static final String FILE = "report.file";
    private static final String QUIET = "report.quiet";

    private final Tally tally = new Tally();
    private Optional<TestPlan> plan = Optional.empty();

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = Optional.of(started);
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        Optional.ofNullable(entry.getKeyValuePairs().get("judge")).ifPresent(tally::judge);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        plan.ifPresent(all -> tally.skipped(test, leaves(all, test), reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    tally.passed(test);
                }
            }
            case FAILED -> tally.failed(test);
            case ABORTED ->
                tally.skipped(
                        test,
                        1,
                        result.getThrowable().map(Throwable::getMessage).orElse("aborted without a reason"));
        }
    }

    /** A test that makes its cases when it runs counts as one. */
    private static long leaves(TestPlan plan, TestIdentifier test) {
        return Math.max(
                1,
                plan.getDescendants(test).stream()
                        .filter(it -> plan.getChildren(it).isEmpty())
                        .count());
    }

    @Override
    public void testPlanExecutionFinished(TestPlan finished) {
        String text = tally.text();
        if (text.isEmpty()) {
            return;
        }
        if (!Boolean.getBoolean(QUIET)) {
            System.out.print(text);
        }
        Optional.ofNullable(System.getProperty(FILE)).map(Path::of).ifPresent(file -> write(file, text));
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
