package dev.trimtab.codes;

/**
 * Names one thing that a person can be told, for good: {@code trimtab explain CODE}, the reference page and alerts refer to it.
 * Each station has its own enum of codes.
 */
public interface Code {

    /** Two to four capital letters and three digits, for instance {@code POD210}. Never reused for another meaning. */
    String id();

    /** What the code means, in one English sentence without object names. */
    String meaning();
}
