package dev.trimtab.kube;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Function;

/** Where a {@link ClusterClient} comes from. */
public final class Clusters {

    private Clusters() {}

    /**
     * A client for the cluster that {@code settings} name. Nothing is sent yet.
     *
     * @throws KubeconfigException when the kubeconfig cannot be used
     */
    public static ClusterClient connect(ClusterSettings settings) {
        return connect(settings, cluster -> Traffic.UNHEARD);
    }

    /**
     * The same.
     *
     * @param traffic of a cluster of this name
     */
    public static ClusterClient connect(ClusterSettings settings, Function<String, Traffic> traffic) {
        Kubeconfig kubeconfig = Kubeconfig.load(settings);
        // Named outright: a second HTTP implementation on the class path must not be picked by chance.
        HttpClient.Builder builder = new JdkHttpClientFactory().newBuilder(kubeconfig.config());
        if (!kubeconfig.sendsCredentials()) {
            // It would look for a token that is not there with every request, by reading the kubeconfig once more.
            builder.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, null);
        }
        HttpClient http = builder.build();
        Clock clock = Clock.systemUTC();
        Transport transport = new Transport(
                http,
                kubeconfig.server(),
                settings.requestTimeout(),
                new Retry(settings.retries(), new SecureRandom()),
                new Contact(kubeconfig.described(), clock),
                traffic.apply(kubeconfig.name()));
        return new Fabric8Cluster(kubeconfig.name(), transport, clock);
    }
}
