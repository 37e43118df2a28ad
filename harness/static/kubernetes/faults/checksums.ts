import { isWorkload, podTemplateOf } from '../manifest.ts'
import { called, containersIn, type FaultFinder } from './release.ts'

/**
 * Variables are read when a pod starts, and a pod starts anew only when its template changes.
 * https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments
 */
export const withoutChecksum: FaultFinder = ({ manifests }) => {
  const configuration = manifests.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name)
  return manifests
    .filter(isWorkload)
    .filter((workload) => {
      const read = containersIn(workload).flatMap(({ env = [], envFrom = [] }) => [
        ...envFrom.map(({ configMapRef }) => configMapRef?.name),
        ...env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
      ])
      const annotations = { ...workload.metadata.annotations, ...podTemplateOf(workload)?.metadata?.annotations }
      const follows = Object.keys(annotations).some((name) => /checksum|hash|sha\d*|reloader|rollme/i.test(name))
      return !follows && read.some((name) => name !== undefined && configuration.includes(name))
    })
    .map(called)
}
