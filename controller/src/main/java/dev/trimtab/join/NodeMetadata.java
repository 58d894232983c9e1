package dev.trimtab.join;

/** Brings what the definition says of a node's labels, annotations, taints and cordon onto its Node object. */
public interface NodeMetadata {

    /** The sync in whose name it is done. */
    String sync();

    /** Whether it takes the taint away, too, with which nodes register. */
    boolean keepsTaints();

    /**
     * @param node that has joined
     * @return what was done, in a few words
     * @throws dev.trimtab.bootstrap.join.HostException when the node is not as the definition says afterwards
     * @throws dev.trimtab.kube.ApiException when the cluster does not answer
     */
    String bring(String node);
}
