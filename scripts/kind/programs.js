// Everything that a cluster is made of and that can be built from Go modules.
import { versions } from './versions.js'

/** @type {Record<string, import('../setup/go.js').Program>} */
export const programs = {
  kind: { name: 'kind', version: versions.kind, package: 'sigs.k8s.io/kind' },
  helm: {
    name: 'helm',
    version: versions.helm,
    package: 'helm.sh/helm/v3/cmd/helm',
    variables: { 'helm.sh/helm/v3/internal/version.version': versions.helm },
  },
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  'kube-proxy': kubernetes('kube-proxy'),
  kubeadm: kubernetes('kubeadm'),
  kubectl: kubernetes('kubectl'),
  kubelet: kubernetes('kubelet'),
  etcd: { name: 'etcd', version: versions.etcd, package: 'go.etcd.io/etcd/server/v3', module: 'etcd' },
  coredns: { name: 'coredns', version: versions.coredns, package: 'github.com/coredns/coredns' },
  'local-path-provisioner': {
    name: 'local-path-provisioner',
    version: versions['local-path-provisioner'],
    package: 'github.com/rancher/local-path-provisioner',
  },
  pause: { name: 'pause', version: versions.pause, package: '.', module: 'pause' },
}

function kubernetes(name) {
  const [major, minor] = versions.kubernetes.slice(1).split('.')
  const variables = { gitVersion: versions.kubernetes, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' }
  return {
    name,
    version: versions.kubernetes,
    package: `k8s.io/kubernetes/cmd/${name}`,
    module: 'kubernetes',
    variables: Object.fromEntries(
      Object.entries(variables).map(([variable, value]) => [`k8s.io/component-base/version.${variable}`, value]),
    ),
  }
}
