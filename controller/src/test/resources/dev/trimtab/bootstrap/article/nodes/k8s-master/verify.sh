#!/bin/sh
# Tells whether this machine is as the definition wants it. Changes nothing. Ends with 1 when something is not.
set -u

# From the cluster's definition: change it there, not here.
CA_FILES='/etc/containerd/certs.d/docker.io/ca-2.crt'
CONTAINERD_VERSION='2.3.4'
IMAGES='registry.aliyuncs.com/google_containers/kube-apiserver:v1.36.4 registry.aliyuncs.com/google_containers/kube-controller-manager:v1.36.4 registry.aliyuncs.com/google_containers/kube-scheduler:v1.36.4 registry.aliyuncs.com/google_containers/kube-proxy:v1.36.4 registry.aliyuncs.com/google_containers/coredns:v1.14.2 registry.aliyuncs.com/google_containers/pause:3.10.2 registry.aliyuncs.com/google_containers/etcd:3.6.8-0'
KUBERNETES_VERSION='1.36.4'
NAMES='k8s-master k8s-node1 k8s-node2 192.168.16.200'
NODE='k8s-master'
SANDBOX_IMAGE='registry.aliyuncs.com/google_containers/pause:3.10.2'
SWAP='disabled'
SYSTEMD_CGROUP='true'

ROOT=${ROOT:-}
HERE=$(cd "$(dirname "$0")" && pwd)
FAILED=0

ok() { printf '%s\n' "ok      $*"; }
bad() {
    FAILED=$((FAILED + 1))
    printf '%s\n' "FAILED  $*"
}

# same NAME WANTED FOUND
same() {
    if [ "$2" = "$3" ]; then
        ok "$1 is $2"
    else
        bad "$1 is ${3:-missing}, not $2"
    fi
}

# What keeps this output, as trimtab bootstrap verify-report does, tells by this line whose it is and how old.
printf '%s\n' "verify  $NODE $(date -u +%Y-%m-%dT%H:%M:%SZ)"

# --- files -----------------------------------------------------------------------------------------------------------------------

DISTRIBUTION=$(sed -n 's/^ID=//p' "$ROOT/etc/os-release" | tr -d '"')
CODENAME=$(sed -n 's/^VERSION_CODENAME=//p' "$ROOT/etc/os-release" | tr -d '"')

files=$(cd "$HERE" && find etc -type f | sort)
for file in $files; do
    case $file in
        *.sources) wanted=$(sed -e "s|@DISTRO@|$DISTRIBUTION|g" -e "s|@CODENAME@|$CODENAME|g" "$HERE/$file") ;;
        *) wanted=$(cat "$HERE/$file") ;;
    esac
    if ! [ -f "$ROOT/$file" ]; then
        bad "/$file is missing"
    elif [ "$wanted" = "$(cat "$ROOT/$file")" ]; then
        ok "/$file"
    else
        bad "/$file differs; run prepare.sh again"
    fi
done
if [ -f "$HERE/hosts.block" ]; then
    if [ "$(sed -n '/^# BEGIN trimtab$/,/^# END trimtab$/p' "$ROOT/etc/hosts")" = "$(cat "$HERE/hosts.block")" ]; then
        ok "/etc/hosts"
    else
        bad "/etc/hosts does not hold the cluster's names"
    fi
fi
# The certificates of private registries are not in Git: somebody has to bring them.
for file in $CA_FILES; do
    if [ -f "$ROOT$file" ]; then ok "$file"; else bad "$file, the CA of a mirror, is missing"; fi
done

# --- kernel ----------------------------------------------------------------------------------------------------------------------

while read -r module; do
    case $module in
        '' | '#'*) continue ;;
    esac
    if grep -q "^$module " "$ROOT/proc/modules" || [ -d "$ROOT/sys/module/$module" ]; then
        ok "module $module"
    else
        bad "module $module is not loaded"
    fi
done <"$HERE/etc/modules-load.d/k8s.conf"
while IFS='=' read -r name value; do
    name=$(printf '%s' "$name" | tr -d ' ')
    case $name in
        '' | '#'*) ;;
        *) same "$name" "$(printf '%s' "$value" | sed 's/^ *//; s/ *$//')" "$(sysctl -n "$name" 2>/dev/null)" ;;
    esac
done <"$HERE/etc/sysctl.d/99-kubernetes.conf"
if [ "$SWAP" = disabled ]; then
    same "number of swap areas" 0 "$(($(wc -l <"$ROOT/proc/swaps") - 1))"
fi

# --- versions --------------------------------------------------------------------------------------------------------------------

for package in kubelet kubeadm kubectl; do
    found=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null)
    same "$package" "$KUBERNETES_VERSION" "${found%%-*}"
done
found=$(containerd --version 2>/dev/null | sed -n 's/.* v\{0,1\}\([0-9][0-9]*\.[0-9.]*\).*/\1/p' | head -n 1)
if [ -n "$CONTAINERD_VERSION" ]; then
    same containerd "$CONTAINERD_VERSION" "$found"
elif [ -n "$found" ]; then
    ok "containerd is $found"
else
    bad "containerd is missing"
fi

# --- container runtime, as it understood its file --------------------------------------------------------------------------------

# A file of another version than the containerd's is read without an error and has no effect: only what comes out counts.
dump=$(containerd --config "$ROOT/etc/containerd/config.toml" config dump 2>/dev/null)
has() {
    if printf '%s\n' "$dump" | tr -d "'\"" | grep -Eq "$2"; then
        ok "containerd: $1"
    else
        bad "containerd: $1 has no effect; does configVersion fit containerd $found?"
    fi
}
has "sandbox image $SANDBOX_IMAGE" "^ *(sandbox|sandbox_image) = $SANDBOX_IMAGE\$"
has "cgroup driver" "^ *SystemdCgroup = $SYSTEMD_CGROUP\$"
has "mirrors" "^ *config_path = /etc/containerd/certs.d\$"
if printf '%s\n' "$dump" | grep -Eq '^disabled_plugins = .*cri'; then
    bad "containerd: the CRI plugin is disabled"
fi
if [ "$(crictl info -o go-template --template '{{range .status.conditions}}{{.type}}={{.status}} {{end}}' 2>/dev/null |
    grep -c 'RuntimeReady=true')" -gt 0 ]; then
    ok "container runtime is ready"
else
    bad "container runtime is not ready; see crictl info and journalctl -u containerd"
fi

# --- names and clock -------------------------------------------------------------------------------------------------------------

for name in $NAMES; do
    if getent hosts "$name" >/dev/null; then ok "$name resolves"; else bad "$name does not resolve"; fi
done
if [ "$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" = yes ]; then
    ok "clock is synchronised"
else
    bad "clock is not synchronised; certificates and tokens depend on it"
fi

# --- what old instructions leave behind ------------------------------------------------------------------------------------------

if grep -qs 'KUBECONFIG=/etc/kubernetes/kubelet.conf' "$ROOT/etc/profile" "$ROOT"/etc/profile.d/*.sh; then
    bad "/etc/profile gives everybody the node's own credential (KUBECONFIG=/etc/kubernetes/kubelet.conf); take the line out"
fi
if [ -f "$HERE/kubeadm-init.yaml" ] && command -v kubeadm >/dev/null; then
    # A patch release of kubeadm may bring a newer etcd or CoreDNS than the list for mirrors names.
    for image in $(kubeadm config images list --config "$HERE/kubeadm-init.yaml" 2>/dev/null); do
        printf '%s\n' "$IMAGES" | tr ' ' '\n' | grep -qxF "$image" || printf '%s\n' "note    kubeadm will pull $image, which images.txt does not list"
    done
fi

if [ $FAILED -gt 0 ]; then
    printf '%s\n' "$NODE: $FAILED checks failed"
    exit 1
fi
printf '%s\n' "$NODE is as it should be"
