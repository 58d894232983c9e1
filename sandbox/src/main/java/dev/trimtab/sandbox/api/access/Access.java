package dev.trimtab.sandbox.api.access;

import dev.trimtab.sandbox.api.Failures;
import dev.trimtab.sandbox.api.StatusException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is let in, and to do what. */
public final class Access {

    private static final String BEARER = "Bearer ";

    private final Map<String, User> tokens;
    private final Rbac rbac;

    /** @param tokens who comes with which bearer token */
    public Access(Map<String, User> tokens, Rbac rbac) {
        this.tokens = Map.copyOf(tokens);
        this.rbac = rbac;
    }

    public Rbac rbac() {
        return rbac;
    }

    /**
     * Who comes without a token is the administrator, as at the insecure port that API servers once had: client-go, and so
     * kubectl, sends none over plain HTTP.
     *
     * @param authorization the header of that name; empty when there is none
     * @throws StatusException 401 for a token that nobody has
     */
    public User authenticate(String authorization) {
        if (authorization.isEmpty()) {
            return User.ADMIN;
        }
        return Optional.of(authorization)
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> tokens.get(header.substring(BEARER.length()).strip()))
                .orElseThrow(Failures::unauthorized);
    }

    /**
     * @param groups those that are asked for
     * @return who the request is made for
     * @throws StatusException 403 when {@code user} may not speak for that name or one of the groups
     */
    public User impersonate(User user, String name, List<String> groups) {
        Optional<String> namespace = User.serviceAccountNamespace(name);
        authorize(
                user,
                namespace.isPresent()
                        ? impersonation("serviceaccounts", namespace.get(), name.substring(name.lastIndexOf(':') + 1))
                        : impersonation("users", "", name));
        groups.forEach(group -> authorize(user, impersonation("groups", "", group)));
        return User.of(name, groups);
    }

    private static Action impersonation(String resource, String namespace, String name) {
        return new Action("impersonate", "", resource, "", namespace, name, "");
    }

    /** @throws StatusException 403 when no rule lets the user do it */
    public void authorize(User user, Action action) {
        if (!rbac.decide(user, action).allowed()) {
            throw Failures.forbidden(action.group(), action.resource(), action.name(), action.refusalOf(user));
        }
    }
}
