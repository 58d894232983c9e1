package dev.trimtab.sandbox.api.http;

import com.sun.net.httpserver.HttpExchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The {@code Accept} header: the media types a client can read, the most wanted first. */
record Accept(List<Type> types) {

    /** @param parameters for instance {@code as=Table;g=meta.k8s.io;v=v1} */
    record Type(String name, Map<String, String> parameters) {

        boolean json() {
            return name.equals("application/json") || name.equals("*/*") || name.equals("application/*");
        }

        /** The kind the answer shall be turned into; empty for the kind it has. */
        String as() {
            return parameters.getOrDefault("as", "");
        }
    }

    static Accept of(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Accept");
        List<Type> types = new ArrayList<>();
        if (header == null || header.isBlank()) {
            types.add(new Type("*/*", Map.of()));
        } else {
            for (String part : header.split(",", -1)) {
                types.add(type(part));
            }
        }
        return new Accept(List.copyOf(types));
    }

    private static Type type(String part) {
        String[] pieces = part.split(";", -1);
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < pieces.length; i++) {
            String[] pair = pieces[i].strip().split("=", 2);
            if (pair.length == 2) {
                parameters.put(pair[0], pair[1]);
            }
        }
        return new Type(pieces[0].strip().toLowerCase(Locale.ROOT), Map.copyOf(parameters));
    }
}
