package dev.trimtab.bootstrap.intake;

import java.util.List;
import java.util.regex.Pattern;

/** What to do about fields of kubeadm's that a definition has no place for. */
final class Advice {

    private record Entry(Pattern path, String text) {

        static Entry of(String path, String text) {
            return new Entry(Pattern.compile(path), text);
        }
    }

    private static final String PATCH = "write it as a patch of ";
    private static final String PATCHES = ", and name its file in spec.kubeadm.patches";

    /** The first that fits counts. */
    private static final List<Entry> BY_PATH = List.of(
            Entry.of(
                    "apiServer\\.extra(Args|Envs|Volumes).*",
                    PATCH + "kube-apiserver, for instance patches/kube-apiserver0+json.yaml" + PATCHES),
            Entry.of(
                    "controllerManager\\.extra(Args|Envs|Volumes).*",
                    PATCH + "kube-controller-manager, for instance patches/kube-controller-manager0+json.yaml"
                            + PATCHES),
            Entry.of(
                    "scheduler\\.extra(Args|Envs|Volumes).*",
                    PATCH + "kube-scheduler, for instance patches/kube-scheduler0+json.yaml" + PATCHES),
            Entry.of(
                    "etcd\\.external.*",
                    "build this cluster without Trimtab's files for kubeadm: it runs etcd on the control-plane nodes"),
            Entry.of(
                    "etcd\\.local\\.dataDir",
                    "mount the disk at /var/lib/etcd instead, or keep the node out of trimtab bootstrap join"),
            Entry.of("etcd\\.local\\.image.*", "etcd comes from spec.images.repository, in the version of kubeadm"),
            Entry.of(
                    "etcd\\.local\\.(server|peer)CertSANs",
                    "kubeadm's own names are enough where nothing else asks etcd; otherwise keep a note of it"),
            Entry.of("etcd\\..*", PATCH + "etcd, for instance patches/etcd0+json.yaml" + PATCHES),
            Entry.of(
                    "dns\\.image.*",
                    "CoreDNS comes from spec.images.repository; or " + PATCH + "corednsdeployment" + PATCHES),
            Entry.of(
                    "(dns|proxy)\\.disabled|skipPhases",
                    "skip these phases by hand: kubeadm init and join take --skip-phases"),
            Entry.of(
                    "patches\\.directory",
                    "copy the files of the folder into the definition, and name them in spec.kubeadm.patches"),
            Entry.of(
                    "featureGates.*",
                    "do without it: a gate of kubeadm's becomes the rule or goes within a few releases"),
            Entry.of(
                    "certificatesDir|caCertPath",
                    "move the certificates to /etc/kubernetes/pki before you build a node by Trimtab's files"),
            Entry.of(
                    "(caC|c)ertificateValidityPeriod",
                    "certificates of new nodes live as long as kubeadm's usually do; kubeadm certs renew renews them"),
            Entry.of(
                    "(controlPlane\\.)?localAPIEndpoint\\.bindPort",
                    "write it as spec.controlPlaneEndpoint.port; of several control-plane nodes each listens on 6443"),
            Entry.of(
                    "discovery\\..*",
                    "nothing: a machine joins by a token of its own and the hash of the cluster's authority"),
            Entry.of("dryRun|nodeRegistration\\.imagePullSerial", "nothing, or give it to kubeadm on its command line"),
            Entry.of("KubeletConfiguration\\.(clusterDNS|staticPodPath)", PATCH + "kubeletconfiguration" + PATCHES),
            Entry.of(
                    "KubeProxyConfiguration\\..*",
                    "set it in ConfigMap kube-system/kube-proxy once the cluster is there, and keep a note of it"));

    private Advice() {}

    /** @param path of the field, without indices */
    static String on(String path) {
        return BY_PATH.stream()
                .filter(entry -> entry.path().matcher(path).matches())
                .map(Entry::text)
                .findFirst()
                .orElse("do without it, or set it by hand on the machines and keep a note of it");
    }
}
