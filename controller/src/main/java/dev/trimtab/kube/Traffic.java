package dev.trimtab.kube;

import java.time.Duration;

/** Hears of each attempt of a request to one server. Called on the client's threads: must return at once. */
@FunctionalInterface
public interface Traffic {

    /** Hears nothing. */
    Traffic UNHEARD = (verb, code, took) -> {};

    /**
     * An answer, or none.
     *
     * @param verb {@code get} (lists too), {@code watch}, {@code create}, {@code apply}, {@code patch} or {@code delete}
     * @param code of HTTP; 0 where there was no answer
     * @param took until the answer began
     */
    void attempted(String verb, int code, Duration took);
}
