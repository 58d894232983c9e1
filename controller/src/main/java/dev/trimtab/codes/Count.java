package dev.trimtab.codes;

/** How many there are of something, as a person is told it. */
public final class Count {

    private Count() {}

    /**
     * {@code 1 pod}, {@code 2 pods}.
     *
     * @param noun of which the plural ends with an s
     */
    public static String of(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** {@code 1 pod is}, {@code 2 pods are}. */
    public static String are(long number, String noun) {
        return of(number, noun) + (number == 1 ? " is" : " are");
    }

    /** {@code 1 pod stays}, {@code 2 pods stay}. */
    public static String all(long number, String noun, String verb) {
        return of(number, noun) + " " + verb + (number == 1 ? "s" : "");
    }
}
