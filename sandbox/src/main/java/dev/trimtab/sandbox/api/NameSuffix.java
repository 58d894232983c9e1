package dev.trimtab.sandbox.api;

import java.util.concurrent.ThreadLocalRandom;

/** The end of a generated name: five letters that can spell nothing bad and cannot be misread. */
final class NameSuffix {

    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int LENGTH = 5;
    private static final int LONGEST_NAME = 63;

    private NameSuffix() {}

    static String appendTo(String prefix) {
        StringBuilder name = new StringBuilder(prefix.substring(0, Math.min(prefix.length(), LONGEST_NAME - LENGTH)));
        for (int i = 0; i < LENGTH; i++) {
            name.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return name.toString();
    }
}
