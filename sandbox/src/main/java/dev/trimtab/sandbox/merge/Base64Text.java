package dev.trimtab.sandbox.merge;

/** Standard base64 with padding, line breaks allowed, as a server decodes {@code []byte}. */
final class Base64Text {

    private Base64Text() {}

    /** Where the text stops being base64; -1 if it is. */
    static int firstWrong(String text) {
        int significant = 0;
        int padding = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                continue;
            }
            if (c == '=') {
                padding++;
                if (significant % 4 < 2 || significant % 4 + padding > 4) {
                    return i;
                }
            } else if (padding > 0 || !isDigit(c)) {
                return i;
            } else {
                significant++;
            }
        }
        return (significant + padding) % 4 == 0 ? -1 : text.length();
    }

    private static boolean isDigit(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    }
}
