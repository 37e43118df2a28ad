// One of each, so that clusters are alike everywhere. 1.34 is the last Kubernetes that starts on cgroup v1.
export const versions = {
  kind: 'v0.30.0',
  helm: 'v3.22.0',
  kubernetes: 'v1.34.4',
  etcd: 'v3.6.5',
  coredns: 'v1.12.1',
  'local-path-provisioner': 'v0.0.30',
  pause: 'v3.10.1',
}

/** What this kind starts by default (pkg/apis/config/defaults/image.go in its module). */
export const publicNodeImage =
  'kindest/node:v1.34.0@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a'
