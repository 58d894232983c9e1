package dev.trimtab.sandbox.api.access;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who asks. Service accounts are called {@code system:serviceaccount:NAMESPACE:NAME}.
 *
 * @param groups in the order in which the user is told of them
 */
public record User(String name, List<String> groups) {

    static final String MASTERS = "system:masters";

    private static final String AUTHENTICATED = "system:authenticated";
    private static final String UNAUTHENTICATED = "system:unauthenticated";
    private static final String ANONYMOUS = "system:anonymous";
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    /** May do everything, whatever the roles say. */
    public static final User ADMIN = of("sandbox-admin", List.of(MASTERS));

    public User {
        groups = List.copyOf(groups);
    }

    /** Somebody who is known: the groups that come with that are added. */
    public static User of(String name, List<String> groups) {
        LinkedHashSet<String> all = new LinkedHashSet<>(groups);
        if (groups.isEmpty()) {
            serviceAccountNamespace(name).ifPresent(namespace -> {
                all.add("system:serviceaccounts");
                all.add("system:serviceaccounts:" + namespace);
            });
        }
        if (!name.equals(ANONYMOUS) && !all.contains(UNAUTHENTICATED)) {
            all.add(AUTHENTICATED);
        }
        return new User(name, new ArrayList<>(all));
    }

    /** Empty unless the name is one of a service account. */
    public static Optional<String> serviceAccountNamespace(String name) {
        String[] parts = name.split(":", -1);
        return name.startsWith(SERVICE_ACCOUNT) && parts.length == 4 ? Optional.of(parts[2]) : Optional.empty();
    }

    static String serviceAccount(String namespace, String name) {
        return SERVICE_ACCOUNT + namespace + ":" + name;
    }
}
