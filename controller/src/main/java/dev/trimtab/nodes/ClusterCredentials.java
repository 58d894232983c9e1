package dev.trimtab.nodes;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** What opens a cluster too long, and what soon opens it no more. */
final class ClusterCredentials {

    /** kubeadm's certificates live for a year, and every upgrade renews them: whoever upgrades never comes so close to the end. */
    private static final Duration SOON = Duration.ofDays(30);

    private static final Duration VERY_SOON = Duration.ofDays(7);

    private ClusterCredentials() {}

    static void check(Surroundings around, Instant now, Findings findings) {
        around.tokens().forEach(token -> token(token, findings));
        around.servingCertificateEnd()
                .filter(end -> !now.isBefore(end.minus(SOON)))
                .ifPresent(end -> findings.ofCluster(
                        NodeCode.CERTIFICATE_ENDS,
                        now.isBefore(end.minus(VERY_SOON)) ? Severity.WARNING : Severity.CRITICAL,
                        "the API server's certificate " + (now.isBefore(end) ? "ends " : "ended ") + end
                                + "; nobody reaches the cluster afterwards",
                        "on every control-plane node: kubeadm certs check-expiration, kubeadm certs renew all, and restart"
                                + " its static pods; an upgrade with kubeadm renews them too"));
    }

    /** When there will be something to tell that is not told yet, as long as nothing else changes. */
    static Stream<Instant> lookAt(Surroundings around) {
        return around.servingCertificateEnd().stream().flatMap(end -> Stream.of(end.minus(SOON), end.minus(VERY_SOON)));
    }

    private static void token(Surroundings.BootstrapToken token, Findings findings) {
        String delete = "kubectl -n kube-system delete secret " + token.secret();
        if (token.id().equals("abcdef")) {
            findings.ofCluster(
                    NodeCode.TOKEN_WELL_KNOWN,
                    Severity.CRITICAL,
                    "bootstrap token abcdef is the one of public examples: whoever knows it joins the cluster",
                    delete);
        }
        if (token.expiration().isEmpty()) {
            findings.ofCluster(
                    NodeCode.TOKEN_WITHOUT_END,
                    Severity.WARNING,
                    "bootstrap token " + token.id() + " never expires",
                    delete + "; make tokens with a short life: kubeadm token create --ttl 15m");
        }
    }
}
