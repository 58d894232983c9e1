#!/bin/sh
# Makes this machine ready to join the cluster: packages, kernel, clock, container runtime. It can be run again at any time: what
# is as it should be is left alone, and a service is restarted only when a file that it reads has changed.
#
#   sudo sh prepare.sh
#
# ROOT=/some/folder works on a copy of a machine's files instead of the machine's own; it is there for tests.
set -eu

# From the cluster's definition: change it there, not here.
CONFLICTS='docker.io docker-compose podman-docker containerd runc'
CONTAINERD_KEY_FINGERPRINT=''
CONTAINERD_KEY_URL='https://download.docker.com/linux/@DISTRO@/gpg'
CONTAINERD_PACKAGE='containerd.io'
CONTAINERD_VERSION='2.3.4'
FIREWALL='document'
HOLD='true'
KUBERNETES_KEY_FINGERPRINT=''
KUBERNETES_KEY_URL='https://pkgs.k8s.io/core:/stable:/v1.36/deb/Release.key'
KUBERNETES_VERSION='1.36.4'
NODE='k8s-master'
SWAP='disabled'
TIME_FILE='/etc/chrony/conf.d/50-cluster.conf'
TIME_PACKAGE='chrony'
TIME_SERVICE='chrony'

ROOT=${ROOT:-}
HERE=$(cd "$(dirname "$0")" && pwd)
# What was changed, a line each: some of it happens in subshells, which could not count.
CHANGES=$(mktemp)
trap 'rm -f "$CHANGES"' EXIT

say() { printf '%s\n' "prepare: $*"; }
fail() {
    printf '%s\n' "prepare: error: $*" >&2
    exit 1
}
changed() {
    printf '%s\n' "$*" >>"$CHANGES"
    say "changed: $*"
}

if [ -z "$ROOT" ] && [ "$(id -u)" -ne 0 ]; then
    fail "must run as root; use sudo sh prepare.sh"
fi

# A file that was cut short or edited on the way would be noticed much later otherwise.
(cd "$HERE" && sha256sum --check --quiet manifest.sha256) ||
    fail "files beside this script are not as they were rendered; copy the folder again"

# replace SOURCE TARGET MODE: in one step, and only where something differs. True when it wrote.
replace() {
    target=$ROOT$2
    if [ -f "$target" ] && cmp -s "$1" "$target"; then
        return 1
    fi
    # Where this is asked as a condition, the shell does not stop at a failure by itself.
    if ! {
        mkdir -p "$(dirname "$target")" &&
            temporary=$(mktemp "$target.XXXXXX") &&
            cat "$1" >"$temporary" &&
            chmod "$3" "$temporary" &&
            mv -f "$temporary" "$target"
    }; then
        fail "cannot write $target"
    fi
    changed "$2"
}

# replace_text TARGET MODE: the same with what comes on standard input.
replace_text() {
    text=$(mktemp)
    cat >"$text"
    written=1
    if replace "$text" "$1" "$2"; then
        written=0
    fi
    rm -f "$text"
    return $written
}

is_installed() {
    case $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null || :) in
        ?i*) return 0 ;;
        *) return 1 ;;
    esac
}

version_of() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || :; }

# --- what must not be there ------------------------------------------------------------------------------------------------------

# Each of these brings a containerd or runc of its own in place of the one that is wanted.
conflicts=''
for package in $CONFLICTS; do
    if is_installed "$package"; then
        conflicts="$conflicts $package"
    fi
done
if [ -n "$conflicts" ]; then
    fail "remove these packages first, they bring another container runtime:$conflicts"
fi

# The versions of a node that is part of a cluster move by an upgrade, one after the other, not here.
if [ -f "$ROOT/etc/kubernetes/kubelet.conf" ]; then
    running=$(version_of kubelet)
    case $running in
        '' | "$KUBERNETES_VERSION"-*) ;;
        *) fail "this node is part of a cluster and runs kubelet $running, not $KUBERNETES_VERSION; upgrade it with kubeadm upgrade" ;;
    esac
fi

# --- packages --------------------------------------------------------------------------------------------------------------------

stale=0
missing=''
for package in ca-certificates curl gnupg; do
    is_installed "$package" || missing="$missing $package"
done
if [ -n "$missing" ]; then
    apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q $missing
    changed "packages$missing"
fi

DISTRIBUTION=$(sed -n 's/^ID=//p' "$ROOT/etc/os-release" | tr -d '"')
CODENAME=$(sed -n 's/^VERSION_CODENAME=//p' "$ROOT/etc/os-release" | tr -d '"')

located() { sed -e "s|@DISTRO@|$DISTRIBUTION|g" -e "s|@CODENAME@|$CODENAME|g"; }

# key NAME URL FINGERPRINT: the key that signs a repository; the fingerprint, where there is one, is what is trusted.
key() {
    keyring=/etc/apt/keyrings/$1.asc
    if [ -f "$ROOT$keyring" ]; then
        return 0
    fi
    download=$(mktemp)
    curl -fsSL --proto '=https,http' -o "$download" "$(printf '%s' "$2" | located)" ||
        fail "the key of repository $1 cannot be downloaded from $2"
    if [ -n "$3" ]; then
        found=$(gpg --batch --show-keys --with-colons "$download" | sed -n 's/^fpr:::::::::\([0-9A-F]*\):.*/\1/p' | head -n 1)
        [ "$found" = "$3" ] || fail "the key of repository $1 has fingerprint $found, not $3"
    fi
    if replace "$download" "$keyring" 0644; then
        stale=1
    fi
    rm -f "$download"
}

key kubernetes "$KUBERNETES_KEY_URL" "$KUBERNETES_KEY_FINGERPRINT"
if [ -n "$CONTAINERD_KEY_URL" ]; then
    key docker "$CONTAINERD_KEY_URL" "$CONTAINERD_KEY_FINGERPRINT"
fi
for file in "$HERE"/etc/apt/sources.list.d/*.sources; do
    name=$(basename "$file")
    if located <"$file" | replace_text "/etc/apt/sources.list.d/$name" 0644; then
        stale=1
    fi
done
for file in "$HERE"/etc/apt/preferences.d/*; do
    if replace "$file" "/etc/apt/preferences.d/$(basename "$file")" 0644; then
        stale=1
    fi
done

# wanted PACKAGE VERSION: whether it has to be installed; an empty version means any.
wanted() {
    if ! is_installed "$1"; then
        return 0
    fi
    case $(version_of "$1") in
        "$2"-* | "$2") return 1 ;;
        *) [ -n "$2" ] ;;
    esac
}

install=''
for package in kubelet kubeadm kubectl; do
    if wanted "$package" "$KUBERNETES_VERSION"; then
        install="$install $package"
    fi
done
if [ -n "$CONTAINERD_PACKAGE" ] && wanted "$CONTAINERD_PACKAGE" "$CONTAINERD_VERSION"; then
    install="$install $CONTAINERD_PACKAGE"
fi
if [ -n "$TIME_PACKAGE" ] && wanted "$TIME_PACKAGE" ''; then
    install="$install $TIME_PACKAGE"
fi
if [ $stale -eq 1 ] || [ -n "$install" ]; then
    apt-get update -q
fi
if [ -n "$install" ]; then
    # The versions are those that /etc/apt/preferences.d pins.
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --allow-change-held-packages $install
    changed "packages$install"
fi
if [ "$CONTAINERD_PACKAGE" = '' ] && ! command -v containerd >/dev/null; then
    fail "containerd ${CONTAINERD_VERSION:-} is to come from its own release (containerd.source: binary); unpack it, runc and the CNI plugins first"
fi
if [ "$HOLD" = true ]; then
    held=$(apt-mark showhold)
    for package in kubelet kubeadm kubectl $CONTAINERD_PACKAGE; do
        if ! printf '%s\n' "$held" | grep -qxF "$package"; then
            apt-mark hold "$package" >/dev/null
            changed "hold $package"
        fi
    done
fi

# --- kernel ----------------------------------------------------------------------------------------------------------------------

replace "$HERE/etc/modules-load.d/k8s.conf" /etc/modules-load.d/k8s.conf 0644 || :
sed -e '/^#/d' -e '/^$/d' "$HERE/etc/modules-load.d/k8s.conf" | while read -r module; do
    # A module that is built into the kernel is in no list, and loading it does nothing.
    if ! grep -q "^$module " "$ROOT/proc/modules" && ! [ -d "$ROOT/sys/module/$module" ]; then
        modprobe "$module"
        changed "loaded $module"
    fi
done

replace "$HERE/etc/sysctl.d/99-kubernetes.conf" /etc/sysctl.d/99-kubernetes.conf 0644 || :
differs=0
while IFS='=' read -r name value; do
    name=$(printf '%s' "$name" | tr -d ' ')
    value=$(printf '%s' "$value" | sed 's/^ *//; s/ *$//')
    case $name in
        '' | '#'*) continue ;;
    esac
    if [ "$(sysctl -n "$name" 2>/dev/null || :)" != "$value" ]; then
        differs=1
    fi
done <"$HERE/etc/sysctl.d/99-kubernetes.conf"
if [ $differs -eq 1 ]; then
    sysctl -q -p "$HERE/etc/sysctl.d/99-kubernetes.conf"
    changed "kernel settings"
fi

if [ "$SWAP" = disabled ]; then
    if [ "$(wc -l <"$ROOT/proc/swaps")" -gt 1 ]; then
        swapoff -a
        changed "swap is off"
    fi
    if [ -f "$ROOT/etc/fstab" ]; then
        # Comments are left alone, and a line that is one already too.
        if sed 's/^\([^#][^[:space:]]*[[:space:]][[:space:]]*[^[:space:]]*[[:space:]][[:space:]]*swap\([[:space:]].*\)\{0,1\}\)$/#\1/' \
            "$ROOT/etc/fstab" | replace_text /etc/fstab 0644; then
            say "swap is out of /etc/fstab"
        fi
    fi
    # Units that systemd makes of partitions or zram would bring it back.
    systemctl list-units --all --type=swap --plain --no-legend 2>/dev/null | while read -r unit rest; do
        case $rest in
            *masked*) ;;
            *) systemctl mask "$unit" && changed "masked $unit" ;;
        esac
    done
fi

# --- names -----------------------------------------------------------------------------------------------------------------------

if [ -f "$HERE/hosts.block" ]; then
    # Only what is between the two markers is ours. awk ends the last line where the file does not, so that the first marker stands
    # on a line of its own and is found again.
    kept=$(mktemp)
    if [ -f "$ROOT/etc/hosts" ]; then
        awk '
            { line = $0; sub(/\r$/, "", line) }
            line == "# BEGIN trimtab" { ours = 1 }
            !ours { print }
            line == "# END trimtab" { ours = 0 }
            END { exit ours }
        ' "$ROOT/etc/hosts" >"$kept" ||
            fail "/etc/hosts has a line \"# BEGIN trimtab\" and no \"# END trimtab\" after it, so it cannot be told which lines are whose; delete that line and what is not yours below it"
    fi
    cat "$kept" "$HERE/hosts.block" | replace_text /etc/hosts 0644 || :
    rm -f "$kept"
fi

# --- clock -----------------------------------------------------------------------------------------------------------------------

if [ -n "$TIME_FILE" ] && replace "$HERE$TIME_FILE" "$TIME_FILE" 0644; then
    systemctl restart "$TIME_SERVICE"
fi

# running SERVICE: now and after every boot.
running() {
    if ! systemctl is-enabled --quiet "$1" || ! systemctl is-active --quiet "$1"; then
        systemctl enable --now "$1"
        changed "$1 runs"
    fi
}

running "$TIME_SERVICE"

# --- container runtime -----------------------------------------------------------------------------------------------------------

replace "$HERE/etc/crictl.yaml" /etc/crictl.yaml 0644 || :

# containerd reads these whenever it pulls: no restart.
if [ -d "$HERE/etc/containerd/certs.d" ]; then
    # Certificates before the hosts.toml beside them, which names them: the names are in this order.
    for file in "$HERE"/etc/containerd/certs.d/*/*; do
        replace "$file" "${file#"$HERE"}" 0644 || :
    done
fi
# A mirror that left the definition would be asked for ever. Files of somebody else's are kept.
for file in "$ROOT"/etc/containerd/certs.d/*/*; do
    path=${file#"$ROOT"}
    if [ -f "$file" ] && ! [ -f "$HERE$path" ] && head -n 1 "$file" | grep -q '^# Rendered by Trimtab'; then
        rm -f "$file"
        changed "removed $path"
    fi
done
if replace "$HERE/etc/containerd/config.toml" /etc/containerd/config.toml 0644; then
    systemctl restart containerd
fi
running containerd

# --- kubeadm ---------------------------------------------------------------------------------------------------------------------

# Whatever lies there is laid over what kubeadm generates, when a node joins and with every upgrade.
patches=/etc/kubernetes/trimtab/patches
for file in "$HERE$patches"/*; do
    if [ -f "$file" ]; then
        replace "$file" "${file#"$HERE"}" 0644 || :
    fi
done
for file in "$ROOT$patches"/*; do
    path=${file#"$ROOT"}
    if [ -f "$file" ] && ! [ -f "$HERE$path" ]; then
        rm -f "$file"
        changed "removed $path"
    fi
done

# It starts over and over until the node has joined: that is how kubeadm wants it.
if ! systemctl is-enabled --quiet kubelet; then
    systemctl enable kubelet
    changed "kubelet starts at boot"
fi

# --- firewall --------------------------------------------------------------------------------------------------------------------

if [ "$FIREWALL" = ufw ]; then
    rules=$(ufw show added)
    sed -e '/^#/d' -e '/^$/d' "$HERE/ports.txt" | while read -r protocol port direction rest; do
        rule="allow $(printf '%s' "$port" | tr - :)/$protocol"
        if [ "$direction" = in ] && ! printf '%s\n' "$rules" | grep -qF "$rule"; then
            # shellcheck disable=SC2086 # two words
            ufw $rule
            changed "opened $port/$protocol: $rest"
        fi
    done
fi

say "$NODE is prepared, $(wc -l <"$CHANGES") changes; next: sh verify.sh, then sh join.sh (or kubeadm init on the first control-plane node)"
