package dev.trimtab.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.apply.Guards;
import dev.trimtab.apply.Guards.Budget;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads {@code guards}, {@code windows} and {@code suspend} of a ClusterSync. */
final class PolicyReader {

    private static final String GUARDS = "/spec/guards";
    private static final Duration SHORTEST_WINDOW = Duration.ofMinutes(1);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(31);

    private final SyncFields fields;

    PolicyReader(SyncFields fields) {
        this.fields = fields;
    }

    Policy read() {
        return new Policy(guards(), new Windows(windows()), suspension());
    }

    private Guards guards() {
        fields.only(GUARDS, Set.of("deletes", "recreates", "protectedKinds"));
        return new Guards(
                budget(GUARDS + "/deletes", Guards.STANDARD.deletes()),
                budget(GUARDS + "/recreates", Guards.STANDARD.recreates()),
                protectedKinds());
    }

    /** Only what is written counts: with a number alone there is no share. */
    private Budget budget(String pointer, Budget otherwise) {
        JsonNode node = fields.at(pointer);
        if (node.isMissingNode()) {
            return otherwise;
        }
        if (!node.isObject() || node.isEmpty()) {
            fields.wrong(pointer, "must hold number, percent or both");
            return otherwise;
        }
        fields.only(pointer, Set.of("number", "percent"));
        return new Budget(wholeNumber(pointer + "/number", Integer.MAX_VALUE), wholeNumber(pointer + "/percent", 100));
    }

    private OptionalInt wholeNumber(String pointer, int most) {
        JsonNode node = fields.at(pointer);
        if (node.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.intValue() < 0 || node.intValue() > most) {
            fields.wrong(
                    pointer,
                    "must be a whole number, 0 or more" + (most == Integer.MAX_VALUE ? "" : " and at most " + most));
            return OptionalInt.empty();
        }
        return OptionalInt.of(node.intValue());
    }

    private Set<String> protectedKinds() {
        JsonNode node = fields.at(GUARDS + "/protectedKinds");
        if (node.isMissingNode()) {
            return Guards.STANDARD.protectedKinds();
        }
        Set<String> kinds = new LinkedHashSet<>();
        if (!node.isArray()) {
            fields.wrong(GUARDS + "/protectedKinds", "must be a list of kinds");
        }
        for (int i = 0; i < node.size(); i++) {
            fields.text(GUARDS + "/protectedKinds/" + i).ifPresent(kinds::add);
        }
        return kinds;
    }

    private List<Window> windows() {
        JsonNode node = fields.at("/spec/windows");
        List<Window> windows = new ArrayList<>();
        if (!node.isMissingNode() && !node.isArray()) {
            fields.wrong("/spec/windows", "must be a list");
            return windows;
        }
        for (int i = 0; i < node.size(); i++) {
            window("/spec/windows/" + i).ifPresent(windows::add);
        }
        return windows;
    }

    private Optional<Window> window(String pointer) {
        fields.only(pointer, Set.of("kind", "schedule", "duration", "timeZone"));
        Optional<Window.Kind> kind = kind(pointer + "/kind");
        Optional<CronSchedule> schedule = schedule(pointer + "/schedule");
        Optional<ZoneId> zone = zone(pointer + "/timeZone");
        String written = fields.required(pointer + "/duration");
        Duration duration = fields.duration(pointer + "/duration", SHORTEST_WINDOW, SHORTEST_WINDOW);
        if (duration.compareTo(LONGEST_WINDOW) > 0) {
            fields.wrong(pointer + "/duration", "\"" + written + "\" is longer than 744h; write spec.suspend instead");
            return Optional.empty();
        }
        return kind.isPresent() && schedule.isPresent() && zone.isPresent()
                ? Optional.of(new Window(kind.get(), schedule.get(), duration, zone.get()))
                : Optional.empty();
    }

    private Optional<Window.Kind> kind(String pointer) {
        String written = fields.required(pointer);
        for (Window.Kind kind : Window.Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(written)) {
                return Optional.of(kind);
            }
        }
        if (!written.isEmpty()) {
            fields.wrong(pointer, "\"" + written + "\" is not one of allow, deny");
        }
        return Optional.empty();
    }

    private Optional<CronSchedule> schedule(String pointer) {
        String written = fields.required(pointer);
        try {
            return written.isEmpty() ? Optional.empty() : Optional.of(CronSchedule.parse(written));
        } catch (IllegalArgumentException e) {
            fields.wrong(pointer, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Never the zone of the machine: a window must not move with the node that the process runs on. */
    private Optional<ZoneId> zone(String pointer) {
        String written = fields.text(pointer).orElse("UTC");
        try {
            return Optional.of(ZoneId.of(written));
        } catch (DateTimeException e) {
            fields.wrong(pointer, "\"" + written + "\" is not a time zone such as UTC or Europe/Berlin");
            return Optional.empty();
        }
    }

    private Optional<Suspension> suspension() {
        JsonNode node = fields.at("/spec/suspend");
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        if (node.isBoolean()) {
            return node.booleanValue()
                    ? Optional.of(new Suspension("spec.suspend is true", "", Optional.empty()))
                    : Optional.empty();
        }
        if (!node.isObject()) {
            fields.wrong("/spec/suspend", "must be true, false, or hold reason and until");
            return Optional.empty();
        }
        fields.only("/spec/suspend", Set.of("reason", "until"));
        return Optional.of(new Suspension(fields.required("/spec/suspend/reason"), "", until()));
    }

    private Optional<Instant> until() {
        Optional<String> written = fields.text("/spec/suspend/until");
        try {
            return written.map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            fields.wrong(
                    "/spec/suspend/until",
                    "\"" + written.orElse("") + "\" is not a time with its offset, such as 2026-12-01T08:00:00+01:00");
            return Optional.empty();
        }
    }
}
