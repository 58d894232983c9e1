package dev.trimtab.kube;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Why there was no answer, in words. */
final class NoAnswer {

    private NoAnswer() {}

    /** The IOException under what a future failed with. */
    static IOException cause(Throwable failure) {
        Throwable inner = unwrap(failure);
        return inner instanceof IOException io ? io : new IOException(inner.toString(), inner);
    }

    /** True when not even a connection was there, so the server has seen nothing of the request. */
    static boolean nothingSent(IOException failure) {
        return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
    }

    static String reason(Throwable failure) {
        for (Throwable t = unwrap(failure); t != null; t = t.getCause()) {
            if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
                return "no address is known for the host";
            }
            if (t instanceof SSLException) {
                return "TLS: " + t.getMessage()
                        + "; compare the kubeconfig's certificate-authority with the server's certificate";
            }
            if (t instanceof HttpTimeoutException || t instanceof TimeoutException) {
                return "no answer in time";
            }
        }
        Throwable inner = unwrap(failure);
        if (inner instanceof ConnectException) {
            return "connection refused";
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
