package dev.trimtab.kube;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns {@link ClusterSettings} into fabric8's configuration.
 *
 * <p>Stricter than fabric8 in two ways. A context that is not there is refused instead of replaced by the current one: a typo must
 * not reach another cluster. A user with {@code exec} or {@code auth-provider} is refused: a kubeconfig is data that may come from
 * a Secret or a repository, and must not start programs (CVE-2022-24817).
 *
 * @param name what the context calls the cluster; the server's address where it has no name
 * @param server without credentials and without a slash at the end
 */
record Kubeconfig(Config config, String name, String server) {

    static Kubeconfig load(ClusterSettings settings) {
        List<Path> files = files(settings);
        Config config = files.isEmpty() ? inCluster() : fromFiles(files, settings.context());
        config.setRequestTimeout((int) settings.requestTimeout().toMillis());
        config.setConnectionTimeout(
                (int) Math.min(5_000, settings.requestTimeout().toMillis()));
        // Repeating is decided here, by what the answer means: fabric8 would repeat a POST and a 500 that can never
        // succeed.
        config.setRequestRetryBackoffLimit(0);
        config.setOnlyHttpWatches(true);
        // One connection a watch: with HTTP/2 all watches and writes would share one, and its limit of streams.
        config.setHttp2Disable(true);
        config.setUserAgent("trimtab");
        String server = address(config.getMasterUrl());
        config.setMasterUrl(server);
        return new Kubeconfig(config, clusterName(config).orElse(server), server);
    }

    /** The cluster and where it is, for a message that says it does not answer. */
    String described() {
        return name.equals(server) ? server : name + " (" + server + ")";
    }

    /** Whether requests carry a token or a password; a client certificate belongs to the connection. */
    boolean sendsCredentials() {
        return config.getOauthTokenProvider() != null
                || !isBlank(config.getOauthToken())
                || !isBlank(config.getAutoOAuthToken())
                || !isBlank(config.getUsername());
    }

    private static List<Path> files(ClusterSettings settings) {
        if (settings.kubeconfig().isPresent()) {
            Path file = settings.kubeconfig().get();
            if (!Files.isRegularFile(file)) {
                throw new KubeconfigException("kubeconfig " + file + " is not there or not a file");
            }
            return List.of(file);
        }
        return Config.getKubeconfigFilenames().stream()
                .map(Path::of)
                .filter(Files::isRegularFile)
                .toList();
    }

    private static Config inCluster() {
        Config config = Config.autoConfigure(null);
        if (config.getAutoOAuthToken() == null) {
            throw new KubeconfigException("no kubeconfig at " + String.join(", ", Config.getKubeconfigFilenames())
                    + " and no service account of a pod: give --kubeconfig or set KUBECONFIG");
        }
        return config;
    }

    private static Config fromFiles(List<Path> files, Optional<String> context) {
        String where = files.stream().map(Path::toString).collect(Collectors.joining(", "));
        List<io.fabric8.kubernetes.api.model.Config> parsed = new ArrayList<>();
        for (Path file : files) {
            parsed.add(parse(file));
        }
        String wanted = context.or(() -> currentContext(parsed))
                .orElseThrow(() -> new KubeconfigException(
                        "kubeconfig " + where + " has no current-context: name one of " + contexts(parsed)));
        NamedContext chosen = parsed.stream()
                .flatMap(file -> stream(file.getContexts()))
                .filter(candidate -> wanted.equals(candidate.getName()) && candidate.getContext() != null)
                .findFirst()
                .orElseThrow(() -> new KubeconfigException(
                        "kubeconfig " + where + " has no context " + wanted + ": there are " + contexts(parsed)));
        Optional<AuthInfo> user = user(parsed, chosen.getContext().getUser());
        user.ifPresent(auth -> refuseExec(auth, where, chosen.getContext().getUser()));

        Config config = Config.empty();
        KubeConfigUtils.merge(config, wanted, parsed.toArray(io.fabric8.kubernetes.api.model.Config[]::new));
        if (isBlank(config.getMasterUrl())
                || clusters(parsed).noneMatch(chosen.getContext().getCluster()::equals)) {
            throw new KubeconfigException("kubeconfig " + where + ": context " + wanted + " names the cluster "
                    + chosen.getContext().getCluster() + ", which the file does not describe");
        }
        // A fixed token keeps fabric8 from reading the file again, and from following an exec entry written to it
        // later.
        if (!isBlank(config.getAutoOAuthToken())) {
            config.setOauthToken(config.getAutoOAuthToken());
        }
        user.map(AuthInfo::getTokenFile)
                .filter(file -> !isBlank(file))
                .ifPresent(file -> config.setOauthTokenProvider(
                        () -> token(files.get(0).toAbsolutePath().resolveSibling(file))));
        return config;
    }

    private static io.fabric8.kubernetes.api.model.Config parse(Path file) {
        try {
            return KubeConfigUtils.parseConfig(file.toFile());
        } catch (RuntimeException e) {
            // Whatever went wrong, its text may quote the file, which holds keys.
            throw new KubeconfigException("kubeconfig " + file + " cannot be read as a kubeconfig (YAML, kind Config)");
        }
    }

    private static void refuseExec(AuthInfo user, String where, String name) {
        if (user.getExec() != null || user.getAuthProvider() != null) {
            throw new KubeconfigException("kubeconfig " + where + ": user " + name + " logs in by "
                    + (user.getExec() != null ? "exec" : "auth-provider")
                    + ", and no program is started from a kubeconfig: use a token or a client certificate");
        }
    }

    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the kubeconfig's tokenFile cannot be read", e);
        }
    }

    private static Optional<String> currentContext(List<io.fabric8.kubernetes.api.model.Config> files) {
        return files.stream()
                .map(io.fabric8.kubernetes.api.model.Config::getCurrentContext)
                .filter(name -> !isBlank(name))
                .findFirst();
    }

    private static String contexts(List<io.fabric8.kubernetes.api.model.Config> files) {
        String names = files.stream()
                .flatMap(file -> stream(file.getContexts()))
                .map(NamedContext::getName)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    private static Stream<String> clusters(List<io.fabric8.kubernetes.api.model.Config> files) {
        return files.stream()
                .flatMap(file -> stream(file.getClusters()))
                .map(io.fabric8.kubernetes.api.model.NamedCluster::getName);
    }

    private static Optional<AuthInfo> user(List<io.fabric8.kubernetes.api.model.Config> files, @Nullable String name) {
        return files.stream()
                .flatMap(file -> stream(file.getUsers()))
                .filter(user -> user.getName().equals(name))
                .findFirst()
                .map(NamedAuthInfo::getUser);
    }

    private static <T> Stream<T> stream(@Nullable List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }

    private static Optional<String> clusterName(Config config) {
        return Optional.ofNullable(config.getCurrentContext())
                .map(context -> context.getContext().getCluster())
                .filter(name -> !isBlank(name));
    }

    private static String address(String masterUrl) {
        URI uri = URI.create(masterUrl.contains("://") ? masterUrl : "https://" + masterUrl);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
        String host = uri.getHost() == null ? uri.getRawAuthority() : uri.getHost();
        return uri.getScheme() + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path;
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
