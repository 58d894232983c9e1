#!/bin/sh
# Joins this machine to the cluster. Nothing secret stands in this folder: a token, and for a control-plane node a certificate key,
# are made on a control-plane node for this one join and given as files that only root may read.
#
#   kubeadm token create --ttl 15m                      prints the token
#   kubeadm init phase upload-certs --upload-certs        prints the certificate key; only for control-plane nodes
#   sudo TOKEN_FILE=token CA_CERT_HASH=sha256:... sh join.sh
#
# Run again on a node that has joined, it changes nothing.
set -eu

# From the cluster's definition: change it there, not here.
CONTROL_PLANE='false'
NODE='k8s-node1'

ROOT=${ROOT:-}
HERE=$(cd "$(dirname "$0")" && pwd)

say() { printf '%s\n' "join: $*"; }
fail() {
    printf '%s\n' "join: error: $*" >&2
    exit "${STATUS:-1}"
}

if [ -z "$ROOT" ] && [ "$(id -u)" -ne 0 ]; then
    fail "must run as root"
fi
CA_CERT_HASH=${CA_CERT_HASH:-}
printf '%s\n' "$CA_CERT_HASH" | grep -Eqx 'sha256:[0-9a-f]{64}' ||
    fail "set CA_CERT_HASH to the hash of the cluster's CA, sha256: and 64 hex digits; kubeadm token create --print-join-command shows it"

# --- where does this machine stand? ----------------------------------------------------------------------------------------------

# The hash that kubeadm compares: SHA-256 of the CA's public key.
hash_of_ca() {
    sed -n 's/^ *certificate-authority-data: *//p' "$1" | base64 -d |
        openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -d ' ' -f 1
}

if [ -f "$ROOT/etc/kubernetes/kubelet.conf" ]; then
    here="sha256:$(hash_of_ca "$ROOT/etc/kubernetes/kubelet.conf")"
    if [ "$here" = "$CA_CERT_HASH" ]; then
        say "$NODE has joined this cluster already; nothing to do"
        exit 0
    fi
    STATUS=3 fail "this machine belongs to another cluster (its CA is $here, not $CA_CERT_HASH); run kubeadm reset only if that one is gone"
fi
if [ -f "$ROOT/etc/kubernetes/bootstrap-kubelet.conf" ] || [ -f "$ROOT/var/lib/kubelet/config.yaml" ]; then
    STATUS=4 fail "a join of this machine was broken off halfway; run kubeadm reset and start again"
fi
for foreign in "$ROOT/var/lib/rancher/k3s" "$ROOT/var/lib/rancher/rke2" "$ROOT/var/lib/k0s"; do
    if [ -d "$foreign" ]; then
        STATUS=5 fail "another Kubernetes lives on this machine ($foreign)"
    fi
done

# --- join ------------------------------------------------------------------------------------------------------------------------

secret() {
    [ -f "$1" ] || fail "$2"
    head -n 1 "$1" | tr -d '[:space:]'
}

TOKEN=$(secret "${TOKEN_FILE:-}" "set TOKEN_FILE to a file that holds a token")
printf '%s\n' "$TOKEN" | grep -Eqx '[a-z0-9]{6}\.[a-z0-9]{16}' || fail "the file that TOKEN_FILE names holds no token"
CERTIFICATE_KEY=''
if [ "$CONTROL_PLANE" = true ]; then
    CERTIFICATE_KEY=$(secret "${CERTIFICATE_KEY_FILE:-}" "set CERTIFICATE_KEY_FILE to a file that holds the certificate key")
    printf '%s\n' "$CERTIFICATE_KEY" | grep -Eqx '[0-9a-f]{64}' || fail "the file that CERTIFICATE_KEY_FILE names holds no certificate key"
fi

umask 077
mkdir -p "$ROOT/run"
config=$(mktemp "$ROOT/run/kubeadm-join.XXXXXX")
# shellcheck disable=SC2317,SC2329 # called by the trap
forget() {
    if command -v shred >/dev/null; then
        shred -u "$config" 2>/dev/null || rm -f "$config"
    else
        rm -f "$config"
    fi
}
trap forget EXIT
trap 'exit 130' INT TERM HUP

# Read from the shell's own memory: a command line can be read by everybody.
# shellcheck disable=SC2016 # these are the placeholders themselves
while IFS= read -r line; do
    case $line in
        '#'*) ;;
        *'${TOKEN}'*) printf '%s\n' "${line%%\$\{TOKEN\}*}$TOKEN${line##*\$\{TOKEN\}}" ;;
        *'${CERTIFICATE_KEY}'*) printf '%s\n' "${line%%\$\{CERTIFICATE_KEY\}*}$CERTIFICATE_KEY${line##*\$\{CERTIFICATE_KEY\}}" ;;
        *'${CA_CERT_HASH}'*) printf '%s\n' "${line%%\$\{CA_CERT_HASH\}*}$CA_CERT_HASH${line##*\$\{CA_CERT_HASH\}}" ;;
        *) printf '%s\n' "$line" ;;
    esac
done <"$HERE/kubeadm-join.yaml.tmpl" >"$config"

kubeadm join --config "$config"
say "$NODE has joined; its labels and taints are in node-metadata.yaml of the cluster's folder"
