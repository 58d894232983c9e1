package dev.trimtab.kube;

/** A kubeconfig that cannot be used. The message names the file, the reason and a way out, and holds no credential. */
public final class KubeconfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KubeconfigException(String message) {
        super(message);
    }
}
