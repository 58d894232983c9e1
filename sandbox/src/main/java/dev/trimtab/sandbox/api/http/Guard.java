package dev.trimtab.sandbox.api.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.trimtab.sandbox.api.access.Access;
import dev.trimtab.sandbox.api.access.Action;
import dev.trimtab.sandbox.api.access.User;
import dev.trimtab.sandbox.faults.ApiRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands before everything that is served. Without {@link Access} everybody is the administrator. */
final class Guard {

    private static final Pattern NAME_SELECTED = Pattern.compile("(?:^|,)metadata\\.name==?([^,]+)(?:,|$)");

    private final Optional<Access> access;

    Guard(Optional<Access> access) {
        this.access = access;
    }

    /**
     * Lets a request pass, or refuses it with 401 or 403.
     *
     * @return for whom it is made
     */
    User admit(HttpExchange exchange, Optional<ResourcePath> about) {
        if (access.isEmpty()) {
            return User.ADMIN;
        }
        Headers headers = exchange.getRequestHeaders();
        User user = access.get()
                .authenticate(
                        Optional.ofNullable(headers.getFirst("Authorization")).orElse(""));
        String other = headers.getFirst("Impersonate-User");
        if (other != null) {
            user = access.get().impersonate(user, other, headers.getOrDefault("Impersonate-Group", List.of()));
        }
        access.get().authorize(user, action(exchange, about));
        return user;
    }

    /** An apply that finds nothing to patch creates. */
    void mayCreate(User user, ResourcePath path) {
        access.ifPresent(it -> it.authorize(user, on("create", path, path.name())));
    }

    private static Action action(HttpExchange exchange, Optional<ResourcePath> about) {
        String method = exchange.getRequestMethod();
        if (about.isEmpty()) {
            return Action.onPath(
                    method.toLowerCase(Locale.ROOT), exchange.getRequestURI().getPath());
        }
        ResourcePath path = about.get();
        Query query = Query.parse(exchange.getRequestURI().getRawQuery());
        String verb = ApiRequest.of(
                        method, query.flag("watch"), path.plural(), path.subresource(), path.namespace(), path.name())
                .verb();
        return on(verb, path, path.name().isEmpty() && !verb.equals("create") ? selectedName(query) : path.name());
    }

    private static Action on(String verb, ResourcePath path, String name) {
        boolean namespace = path.group().isEmpty() && path.plural().equals("namespaces");
        return new Action(
                verb,
                path.group(),
                path.plural(),
                path.subresource(),
                namespace ? path.name() : path.namespace(),
                name,
                "");
    }

    /** Who may read one object may also select just that one from a list. */
    private static String selectedName(Query query) {
        Matcher matcher = NAME_SELECTED.matcher(query.text("fieldSelector"));
        return matcher.find() ? matcher.group(1) : "";
    }
}
