package dev.trimtab.join;

/** Hears how machines get on, on many threads. What it is told holds no secret. */
public interface Progress {

    void phase(String node, Phase phase, String text);

    /** A line of what was said to a machine, or what it said. */
    void transcript(String node, String line);
}
