package dev.trimtab.sync;

import java.text.ParseException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.quartz.CronExpression;

/**
 * Times on a clock on the wall, written as crontab(5) and Kubernetes CronJobs do: minute, hour, day of month, month, day of week
 * (0 and 7 are Sunday), or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}. Where both kinds of day are
 * restricted, either is enough.
 */
@SuppressWarnings("JavaUtilDate") // Quartz speaks it
public final class CronSchedule {

    private static final Map<String, String> NAMED =
            Map.of("@hourly", "0 * * * *", "@daily", "0 0 * * *", "@weekly", "0 0 * * 0", "@monthly", "0 0 1 * *");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final Pattern FIELD = Pattern.compile("[0-9A-Z*/,-]+");
    private static final Pattern DAY_ITEM = Pattern.compile("(\\*|[0-7]|[A-Z]{3})(?:-([0-7]|[A-Z]{3}))?(?:/([1-7]))?");

    private final String text;
    private final List<CronExpression> alternatives;

    private CronSchedule(String text, List<CronExpression> alternatives) {
        this.text = text;
        this.alternatives = alternatives;
    }

    /** @throws IllegalArgumentException with a text for the one who wrote it */
    static CronSchedule parse(String text) {
        String[] fields = NAMED.getOrDefault(text.strip(), text.strip())
                .toUpperCase(Locale.ROOT)
                .split("\\s+", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "\"" + text
                            + "\" is not a schedule of five fields (minute, hour, day of month, month, day of week), such as 0 22 * * 1-5");
        }
        for (String field : fields) {
            if (!FIELD.matcher(field).matches()) {
                throw new IllegalArgumentException("\"" + text + "\" cannot be read at \"" + field + "\"");
            }
        }
        String times = "0 " + fields[0] + " " + fields[1] + " ";
        String dayOfMonth = fields[2];
        String month = fields[3];
        boolean anyWeekday = fields[4].equals("*");
        List<String> written = new ArrayList<>();
        if (anyWeekday || !dayOfMonth.equals("*")) {
            written.add(times + dayOfMonth + " " + month + " ?");
        }
        if (!anyWeekday) {
            written.add(times + "? " + month + " " + weekdays(text, fields[4]));
        }
        List<CronExpression> alternatives =
                written.stream().map(expression -> quartz(text, expression)).toList();
        CronSchedule schedule = new CronSchedule(text.strip(), alternatives);
        if (schedule.nextAfter(LocalDateTime.of(2024, 1, 1, 0, 0)).isEmpty()) {
            throw new IllegalArgumentException("\"" + text + "\" never comes");
        }
        return schedule;
    }

    /** The first time strictly after {@code time}; to the second. */
    Optional<LocalDateTime> nextAfter(LocalDateTime time) {
        Date after = Date.from(time.toInstant(ZoneOffset.UTC));
        return alternatives.stream()
                .flatMap(expression -> Optional.ofNullable(expression.getNextValidTimeAfter(after)).stream())
                .map(next -> LocalDateTime.ofInstant(next.toInstant(), ZoneOffset.UTC))
                .min(LocalDateTime::compareTo);
    }

    /** Quartz counts days of the week from 1 and knows no 0: names mean the same to all. */
    private static String weekdays(String text, String field) {
        TreeSet<Integer> days = new TreeSet<>();
        for (String item : field.split(",", -1)) {
            Matcher matcher = DAY_ITEM.matcher(item);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("\"" + text + "\" has no days of the week at \"" + item + "\"");
            }
            String first = matcher.group(1);
            Optional<String> last = Optional.ofNullable(matcher.group(2));
            int step =
                    Optional.ofNullable(matcher.group(3)).map(Integer::parseInt).orElse(1);
            boolean stepped = matcher.group(3) != null;
            int from = first.equals("*") ? 0 : day(text, first);
            int to = last.map(day -> day(text, day)).orElse(first.equals("*") || stepped ? 6 : from);
            to = to < from && to == 0 ? 7 : to;
            if (to < from) {
                throw new IllegalArgumentException("\"" + text + "\" has days that run backwards at \"" + item + "\"");
            }
            for (int day = from; day <= to; day += step) {
                days.add(day % 7);
            }
        }
        return days.stream().map(DAYS::get).collect(Collectors.joining(","));
    }

    private static int day(String text, String written) {
        if (Character.isDigit(written.charAt(0))) {
            return Integer.parseInt(written);
        }
        int day = DAYS.indexOf(written);
        if (day < 0) {
            throw new IllegalArgumentException("\"" + text + "\" has no day of the week at \"" + written + "\"");
        }
        return day;
    }

    private static CronExpression quartz(String text, String expression) {
        try {
            CronExpression read = new CronExpression(expression);
            // Wall-clock times are handed in as if they were of a zone that never changes.
            read.setTimeZone(TimeZone.getTimeZone("UTC"));
            return read;
        } catch (ParseException | RuntimeException e) {
            throw new IllegalArgumentException("\"" + text + "\" cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronSchedule schedule && schedule.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
