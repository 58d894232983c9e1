package dev.trimtab.sandbox.controllers;

import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A set of completion indexes and how a Job's status writes it: {@code 1,3-5,7}. */
final class JobIndexes {

    private JobIndexes() {}

    /** @param end what is at or above it is left out */
    static NavigableSet<Integer> parse(String text, int end) {
        NavigableSet<Integer> indexes = new TreeSet<>();
        for (String interval : text.split(",", -1)) {
            if (!interval.isEmpty()) {
                String[] ends = interval.split("-", 2);
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[ends.length - 1]);
                IntStream.rangeClosed(first, Math.min(last, end - 1)).forEach(indexes::add);
            }
        }
        return indexes;
    }

    static String write(Set<Integer> indexes) {
        NavigableSet<Integer> rest = new TreeSet<>(indexes);
        StringBuilder text = new StringBuilder();
        while (!rest.isEmpty()) {
            int first = rest.first();
            int last = first;
            while (rest.remove(last)) {
                last++;
            }
            last--;
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (last > first) {
                text.append(last - first > 1 ? "-" : ",").append(last);
            }
        }
        return text.toString();
    }
}
