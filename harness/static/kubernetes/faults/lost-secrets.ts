import { contentOf, isWorkload, podTemplateOf } from '../manifest.ts'
import { containersIn, type FaultFinder } from './release.ts'

/**
 * A database takes its password when its volume is first used. Claims of a StatefulSet stay when a release is removed;
 * the Secret goes with it, and the next installation may have another one.
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations
 */
export const lostSecrets: FaultFinder = ({ manifests, redactor }) => {
  const secrets = manifests.filter(
    ({ kind, metadata }) => kind === 'Secret' && metadata.annotations?.['helm.sh/resource-policy'] !== 'keep',
  )
  const isKept = (claim: string | undefined) =>
    manifests.some(
      ({ kind, metadata }) =>
        kind === 'PersistentVolumeClaim' &&
        metadata.name === claim &&
        metadata.annotations?.['helm.sh/resource-policy'] === 'keep',
    )
  const used = manifests.filter(isWorkload).flatMap((workload) => {
    const volumes = (podTemplateOf(workload)?.spec.volumes ?? []) as { persistentVolumeClaim?: { claimName: string } }[]
    const outlives =
      (workload.spec?.volumeClaimTemplates ?? []).length > 0 ||
      volumes.some(({ persistentVolumeClaim }) => isKept(persistentVolumeClaim?.claimName))
    if (!outlives) return []
    return containersIn(workload).flatMap(({ env = [], envFrom = [] }) => [
      ...env.filter(({ name }) => redactor.isSecretName(name)).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...envFrom.map(({ secretRef }) => secretRef?.name),
    ])
  })
  return secrets
    .filter((secret) => Object.keys(contentOf(secret)).some((name) => redactor.isSecretName(name)))
    .map(({ metadata }) => metadata.name)
    .filter((name) => used.includes(name))
}
