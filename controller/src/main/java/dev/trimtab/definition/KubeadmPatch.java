package dev.trimtab.definition;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that kubeadm lays over what it generates (Kubernetes documentation, "Customizing components with the kubeadm API").
 *
 * @param name as kubeadm reads it: {@code target[suffix][+patchtype].extension}
 * @param text as it was written
 */
public record KubeadmPatch(String name, String text) {

    /** Of the kubelet of every node; all others are of the control plane. */
    private static final String KUBELET = "kubeletconfiguration";

    static final List<String> TARGETS = List.of(
            "kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", KUBELET, "corednsdeployment");

    static final Pattern NAME = Pattern.compile("(?<target>" + String.join("|", TARGETS)
            + ")(?<suffix>[^.+/]*)(?:\\+(?<type>json|merge|strategic))?\\.(?:json|yaml)");

    /** Whether nodes that only work have a use for it. */
    public boolean ofWorkers() {
        return name.startsWith(KUBELET);
    }

    /** Whether it is a list of operations rather than a part of what it changes. */
    static boolean isJsonPatch(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() && "json".equals(matcher.group("type"));
    }
}
