#!/bin/bash
# Puts image archives into containerd's store, so that a cluster starts without a registry. Their names carry the prefix
# localhost/ until here, to leave alone what the building machine has under the real ones.
set -o errexit -o nounset -o pipefail

containerd >/tmp/containerd.log 2>&1 &
containerd=$!
trap 'cat /tmp/containerd.log' ERR
until [ -S /run/containerd/containerd.sock ]; do
  kill -0 "$containerd"
  sleep 0.1
done

images() { ctr --namespace k8s.io images "$@"; }

for archive in "$@"; do images import --all-platforms --no-unpack "$archive"; done
for name in $(images ls -q | grep '^localhost/'); do
  images tag "$name" "${name#localhost/}"
  images rm "$name"
done

kill "$containerd"
wait "$containerd"
rm -rf /tmp/containerd.log /run/containerd
