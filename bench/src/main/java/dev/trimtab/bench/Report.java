package dev.trimtab.bench;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table that is printed, as Markdown. */
final class Report {

    private record Row(String what, String measured, String target, String met) {}

    private final List<Row> rows = new ArrayList<>();

    void atMost(String what, double measured, double most, String unit) {
        row(what, measured, "at most " + number(most), unit, measured <= most);
    }

    void atLeast(String what, double measured, double least, String unit) {
        row(what, measured, "at least " + number(least), unit, measured >= least);
    }

    void fact(String what, double measured, String unit) {
        rows.add(new Row(what, number(measured) + " " + unit, "", ""));
    }

    private void row(String what, double measured, String target, String unit, boolean met) {
        rows.add(new Row(what, number(measured) + " " + unit, target + " " + unit, met ? "yes" : "NO"));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
    }

    /** Whether no target was missed. */
    boolean met() {
        return rows.stream().noneMatch(row -> row.met().equals("NO"));
    }

    /** @param what was measured */
    void print(String what) {
        System.out.printf(
                Locale.ROOT,
                "%n%s of this checkout, %s, %d cores, JDK %s, load average %.1f%n%n",
                what,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        System.out.println("| what | measured | target | met |\n|---|---:|---:|---|");
        rows.forEach(row -> System.out.println(
                "| " + row.what() + " | " + row.measured() + " | " + row.target() + " | " + row.met() + " |"));
    }
}
