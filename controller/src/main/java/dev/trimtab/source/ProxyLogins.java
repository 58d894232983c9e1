package dev.trimtab.source;

import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives Java's HTTP client the logins of proxies, and nothing to anybody else. Java asks one authenticator a process while it
 * builds a tunnel, and lets no caller of it send a header to the proxy; so two sources that share a proxy share the login that
 * was set last.
 */
final class ProxyLogins extends Authenticator {

    private static final String DISABLED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    private static final Map<String, ProxyServer> PROXIES = new ConcurrentHashMap<>();

    /** Java would offer a login that is refused twenty times over, and some proxies lock a user out by then. */
    private static final int OFFERS = 2;

    private static final ThreadLocal<Integer> OFFERED = ThreadLocal.withInitial(() -> 0);

    private ProxyLogins() {}

    /** The thread begins a new conversation. */
    static void begin() {
        OFFERED.remove();
    }

    /** Must come before the first connection of the process: Java reads the property once. */
    static void install() {
        if (System.getProperty(DISABLED_SCHEMES) == null) {
            // Java refuses to log in to a tunnel by password unless it is told to.
            System.setProperty(DISABLED_SCHEMES, "");
        }
        Authenticator.setDefault(new ProxyLogins());
    }

    static void add(ProxyServer proxy) {
        PROXIES.put(proxy.toString(), proxy);
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        if (getRequestorType() != RequestorType.PROXY || OFFERED.get() >= OFFERS) {
            return null;
        }
        OFFERED.set(OFFERED.get() + 1);
        return Optional.ofNullable(PROXIES.get(getRequestingHost() + ":" + getRequestingPort()))
                .flatMap(ProxyServer::token)
                .map(login ->
                        new PasswordAuthentication(login.user(), login.secret().toCharArray()))
                .orElse(null);
    }
}
