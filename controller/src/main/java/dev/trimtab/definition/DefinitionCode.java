package dev.trimtab.definition;

import dev.trimtab.codes.Code;

/** What can be wrong with a definition. YML: the text; DEF: the set of files and objects; CD: Trimtab's own kinds. */
public enum DefinitionCode implements Code {
    YML001("A file is not well-formed YAML or JSON."),
    YML002("A mapping holds the same key twice."),
    YML003("A file is not UTF-8 text, or holds a character that YAML does not allow."),
    YML004("A file uses too many aliases, an alias holds itself, or the aliases expand to too many values."),
    YML005("Lists and mappings are nested too deeply."),
    YML006("A file is larger than allowed."),
    YML007("A document is no Kubernetes object: it has no apiVersion or no kind."),
    YML008("A value cannot be written as JSON, for instance .nan, or does not fit its tag."),
    DEF001("A path is a symbolic link; links are not followed."),
    DEF002("A path is a Git submodule; submodules are not read."),
    DEF003("An add-on, a group of nodes or a minor of the version matrix is defined twice."),
    DEF004("There is nothing at the definition's path."),
    DEF005("An object has no usable metadata: its name is missing, or a name, label or annotation is not a string."),
    DEF006("There are more manifest files, or more text in them, than allowed."),
    CD001(
            "A document of Trimtab's own kinds has an unknown kind, version or field, lacks a field, or holds a wrong value."),
    CD002("A cluster definition holds no Cluster document, or more than one."),
    CD003("A version of Kubernetes is incomplete, unknown to the version matrix, or does not fit another."),
    CD004("The control plane would skip a minor version or go back to an older version."),
    CD005("A field differs from the live cluster that is fixed once the cluster is there."),
    CD010("A network is no CIDR, or has host bits set."),
    CD011("The pod and the Service network overlap."),
    CD012("There is no controlPlaneEndpoint: an error with several control-plane nodes, a warning with one."),
    CD013("A node's address lies in the pod or the Service network."),
    CD014("The pod or the Service network has a size that kubeadm refuses."),
    CD015("The prefix length of a node's share does not fit the pod network."),
    CD016("The pod network has fewer shares than there are nodes."),
    CD017("The kubelet may run more pods than a node has addresses for."),
    CD018("Pod and Service networks are of different IP families, or in another order."),
    CD019("The controlPlaneEndpoint cannot be reached by other machines, or its port is out of range."),
    CD020("A node's name is not one that Kubernetes takes, or is kubeadm's placeholder."),
    CD021("Two nodes have the same name."),
    CD022("Two nodes have the same address, or are reached at the same address and port."),
    CD023("The number of control-plane nodes is none (an error) or even (a warning), or etcd is to run elsewhere."),
    CD024("A node's address is no IP address, cannot be reached by other nodes, or is the cluster's endpoint."),
    CD025(
            "The endpoint has another port than 6443, and with one control-plane node its API server listens on that port."),
    CD030("A taint's effect is none that Kubernetes knows."),
    CD031("A node has two taints with the same key and effect but different values."),
    CD032("A taint belongs to Kubernetes, to Trimtab, or to control-plane nodes."),
    CD033("A label or taint is not well-formed, or a label belongs to the kubelet."),
    CD034("Two groups of a node give a label different values."),
    CD035("No node accepts ordinary pods."),
    CD040("A definition holds what must be secret: a password, a private key, a token."),
    CD041("All preflight checks of kubeadm would be ignored."),
    CD042("A token is the published example, which everybody knows."),
    CD043("Join tokens would live for ever, or for more than a day."),
    CD044("Machines are joined over SSH, but the key that one of them must show is not known."),
    CD045("A patch for kubeadm is not there, or its name or form is none that kubeadm takes."),
    CD050("The version of containerd is incomplete or does not fit that of Kubernetes."),
    CD051("The version of containerd's configuration file is newer than containerd reads."),
    CD052("The name of a registry is not a host with an optional port."),
    CD053("A registry has no mirrors or is listed twice, or a mirror's URL has no scheme."),
    CD054("What a mirror delivers is not verified."),
    CD055("The sandbox image is not the one that kubeadm expects."),
    CD056("A setting of the kubelet stops it, or contradicts another field."),
    CD057("The mode of kube-proxy is deprecated, or a node's kernel is too old for it."),
    CD058("The package repository is not the one of the Kubernetes version."),
    CD059("The certificate of a mirror's authority cannot be read, is given twice, or is of no use."),
    CD060("Flannel's network is not the cluster's pod network."),
    CD061("Flannel's backend type is unknown."),
    CD062("Flannel's backend has an option of a backend that is not chosen."),
    CD063("Flannel's backend host-gw would span several networks."),
    CD064("Flannel's backend differs from the live cluster's, and nobody confirmed the interruption."),
    CD065("Flannel's version is unknown, too old, or older than an option needs."),
    CD066("Flannel and kube-proxy write rules of different kinds."),
    CD067("Flannel's health port is taken on the nodes."),
    CD070("The Kuboard endpoint is an address that means the agent's own pod."),
    CD071("The Kuboard endpoint is not the root of an http or https server."),
    CD072("The Kuboard endpoint's name is known to the nodes' hosts files only."),
    CD073("The Kuboard endpoint's port is not the one that the server publishes."),
    CD074("The port for Kuboard agents is not the one that the server publishes."),
    CD075("The Kuboard agent key is the one of the public manifests."),
    CD076("A Secret that the definition names, or a key in it, is not in the cluster."),
    CD077("The Kuboard agents run an image that moves, or may do anything in the cluster."),
    CD078("Several replicas of a Kuboard agent would fight for one port."),
    CD080("One Kubernetes object is defined twice.");

    private final String meaning;

    DefinitionCode(String meaning) {
        this.meaning = meaning;
    }

    @Override
    public String id() {
        return name();
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
