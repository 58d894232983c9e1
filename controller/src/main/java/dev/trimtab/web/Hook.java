package dev.trimtab.web;

import java.util.function.UnaryOperator;

/** One request of a forge. */
final class Hook {

    private final UnaryOperator<String> headers;
    private final byte[] body;

    /** @param headers gives the value of a header, empty where there is none */
    Hook(UnaryOperator<String> headers, byte[] body) {
        this.headers = headers;
        this.body = body.clone();
    }

    String header(String name) {
        return headers.apply(name);
    }

    byte[] body() {
        return body.clone();
    }
}
