package dev.trimtab.bootstrap.join;

import dev.trimtab.codes.Code;

/** Why a machine does not become a node. */
public enum JoinCode implements Code {
    JOI001("A machine cannot be reached over SSH, or the connection broke."),
    JOI002("A machine shows another host key than the one that its inventory entry pins."),
    JOI003("A host key or a private key for SSH is missing or cannot be read."),
    JOI004("A machine refuses the login, or sudo asks for a password."),
    JOI005("A command on a machine did not end in time."),
    JOI006("A command on a machine failed."),
    JOI007("An earlier join of a machine was broken off halfway."),
    JOI008("A machine is a node of another cluster."),
    JOI009("Another kind of Kubernetes lives on a machine."),
    JOI010("A machine is not the one that the cluster knows by this name, or two machines share one identity."),
    JOI011("A machine does not fit its entry in the inventory, or the cluster."),
    JOI012("The plan is not the one that was approved."),
    JOI013("A machine joined, but its node did not become what it should be in time."),
    JOI014("The cluster does not tell its CA, or does not answer."),
    JOI015("A node runs another version than the definition says."),
    JOI016("No control-plane node is there that could hand over the certificates."),
    JOI017("A join token could not be deleted."),
    JOI018("A machine is a node, but its labels and taints could not be brought on.");

    private final String meaning;

    JoinCode(String meaning) {
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
