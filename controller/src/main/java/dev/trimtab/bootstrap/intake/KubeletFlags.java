package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP009;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP013;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP017;

import dev.trimtab.bootstrap.intake.NodeDraft.Taint;
import dev.trimtab.definition.Addresses;
import dev.trimtab.definition.DefinitionCode;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sorts the flags that kubeadm hands to a kubelet: some are facts of the machine, some are gone, the others stay flags. */
final class KubeletFlags {

    /** With the release that took them away (change logs of Kubernetes); a kubelet that is given one does not start. */
    private static final Map<String, String> REMOVED = Map.ofEntries(
            Map.entry("pod-infra-container-image", "1.35"),
            Map.entry("container-runtime", "1.27"),
            Map.entry("network-plugin", "1.24"),
            Map.entry("network-plugin-mtu", "1.24"),
            Map.entry("cni-bin-dir", "1.24"),
            Map.entry("cni-cache-dir", "1.24"),
            Map.entry("cni-conf-dir", "1.24"),
            Map.entry("docker-endpoint", "1.24"),
            Map.entry("image-pull-progress-deadline", "1.24"),
            Map.entry("dynamic-config-dir", "1.24"));

    /** Flags that are deprecated for a field of KubeletConfiguration (Kubernetes documentation, "kubelet"). */
    private static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry("allowed-unsafe-sysctls", "allowedUnsafeSysctls"),
            Map.entry("cpu-manager-policy", "cpuManagerPolicy"),
            Map.entry("event-qps", "eventRecordQPS"),
            Map.entry("eviction-hard", "evictionHard"),
            Map.entry("eviction-soft", "evictionSoft"),
            Map.entry("feature-gates", "featureGates"),
            Map.entry("image-gc-high-threshold", "imageGCHighThresholdPercent"),
            Map.entry("image-gc-low-threshold", "imageGCLowThresholdPercent"),
            Map.entry("kube-reserved", "kubeReserved"),
            Map.entry("max-pods", "maxPods"),
            Map.entry("pod-max-pids", "podPidsLimit"),
            Map.entry("protect-kernel-defaults", "protectKernelDefaults"),
            Map.entry("read-only-port", "readOnlyPort"),
            Map.entry("serialize-image-pulls", "serializeImagePulls"),
            Map.entry("system-reserved", "systemReserved"),
            Map.entry("tls-cipher-suites", "tlsCipherSuites"));

    private static final Pattern TAINT = Pattern.compile("([^=:]+)(?:=([^:]*))?:([A-Za-z]+)");

    private final ClusterDraft cluster;
    private final NodeDraft node;
    private final Findings findings;

    KubeletFlags(ClusterDraft cluster, NodeDraft node, Findings findings) {
        this.cluster = cluster;
        this.node = node;
        this.findings = findings;
    }

    void read(SortedMap<String, Source.Argument> flags) {
        flags.forEach((name, flag) -> read(name.replaceFirst("^--?", ""), flag.value(), flag.place()));
    }

    private void read(String name, String value, String place) {
        if (REMOVED.containsKey(name)) {
            findings.warn(
                    DefinitionCode.CD056,
                    place,
                    "the kubelet's flag " + name + " was removed in Kubernetes " + REMOVED.get(name)
                            + "; it is not carried over",
                    name.equals("pod-infra-container-image")
                            ? "nothing: the sandbox image is containerd's setting, from spec.images"
                            : "nothing: with it the kubelet would not start");
            return;
        }
        switch (name) {
            case "node-ip" -> address(value, place);
            case "node-labels" -> labels(value, place);
            case "register-with-taints" -> taints(value, place);
            case "cgroup-driver" -> cluster.cgroupDriver = cluster.cgroupDriver.or(() -> Optional.of(value));
            case "container-runtime-endpoint" -> runtime(value, place);
            default -> shared(name, value, place);
        }
    }

    /** The machine's own word counts more than what the API server advertises. */
    private void address(String value, String place) {
        Optional<String> own =
                ClusterConfigurationReader.list(Optional.of(value)).stream().findFirst();
        node.address
                .filter(advertised ->
                        own.filter(ip -> !Addresses.same(ip, advertised)).isPresent())
                .ifPresent(advertised -> findings.warn(
                        IMP013,
                        place,
                        "advertiseAddress " + advertised + " and node-ip " + own.orElse("")
                                + " differ; node-ip was taken",
                        "a definition has one address of a machine, at which it is reached for both"));
        node.address = own.or(() -> node.address);
    }

    private void labels(String value, String place) {
        for (String label : ClusterConfigurationReader.list(Optional.of(value))) {
            int equals = label.indexOf('=');
            String key = equals < 0 ? label : label.substring(0, equals);
            if (NodeLabels.areDeclared(key, false)) {
                node.labels.put(key, equals < 0 ? "" : label.substring(equals + 1));
            } else if (!NodeLabels.followFromElsewhere(key)) {
                KubeadmReader.notCarried(findings, "the label " + key + " in node-labels", place);
            }
        }
    }

    private void taints(String value, String place) {
        for (String written : ClusterConfigurationReader.list(Optional.of(value))) {
            Matcher taint = TAINT.matcher(written);
            if (taint.matches()) {
                node.taints.add(new Taint(
                        taint.group(1), Optional.ofNullable(taint.group(2)).orElse(""), taint.group(3)));
            } else {
                KubeadmReader.notCarried(findings, "one of the taints in register-with-taints", place);
            }
        }
    }

    private void runtime(String value, String place) {
        if (!value.endsWith("/containerd/containerd.sock")) {
            findings.warn(
                    IMP009,
                    place,
                    "container-runtime-endpoint names another container runtime than containerd; it is not carried over",
                    "Trimtab sets machines up with containerd: move the node to it, one at a time");
        }
    }

    /** A definition has flags for all kubelets, not for one. */
    private void shared(String name, String value, String place) {
        Optional.ofNullable(FIELDS.get(name))
                .ifPresent(field -> findings.warn(
                        IMP017,
                        place,
                        "the kubelet's flag " + name + " is deprecated; it stays a flag in spec.kubelet.extraArgs",
                        "write spec.kubelet.config." + field + " in its place"));
        String before = cluster.kubeletArgs.putIfAbsent(name, value);
        if (before != null && !before.equals(value)) {
            findings.warn(
                    IMP013,
                    place,
                    "machines have different values for the kubelet's flag " + name + "; the first one was taken",
                    "decide for one value in spec.kubelet.extraArgs: it is that of every node");
        }
    }
}
