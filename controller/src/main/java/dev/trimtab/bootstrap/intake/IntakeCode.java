package dev.trimtab.bootstrap.intake;

import dev.trimtab.codes.Code;

/** What an import tells beside the codes of the definition itself. */
public enum IntakeCode implements Code {
    IMP001("A field has no place in a definition; what it says is not carried over."),
    IMP002("A field is none that its program knows; what it says is not carried over."),
    IMP003("A document is of a kind that is not imported."),
    IMP004("A secret is left out: documents, output and messages hold none."),
    IMP005("The source holds nothing that can be imported."),
    IMP006("An example value of kubeadm was never replaced."),
    IMP007("A machine is left out: its name or its address is not known."),
    IMP008(
            "A field of an older version of kubeadm's configuration has moved; its value is carried over to the new place."),
    IMP009("A machine runs another container runtime than containerd."),
    IMP010("The version of Kubernetes is not a full version, names somebody's own build, or is not written at all."),
    IMP011("What a definition needs is not in the source; a usual value was taken."),
    IMP012("Kubernetes' images come from a repository of one's own."),
    IMP013("Documents that belong together say different things."),
    IMP014("The Kuboard endpoint has the default port, which the server seldom publishes."),
    IMP015("Pods tolerate or prefer control-plane nodes by a name that they lost with Kubernetes 1.24."),
    IMP016("Part of a running cluster could not be read or is not there."),
    IMP017("A flag of the kubelet has a field in KubeletConfiguration that is better."),
    IMP018("The image of an add-on has no version as its tag."),
    IMP019("A node is cordoned at the time of the import; its entry keeps it so."),
    IMP020("The pod network is not flannel, or is more than one, or stands elsewhere than where Trimtab keeps it.");

    private final String meaning;

    IntakeCode(String meaning) {
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
