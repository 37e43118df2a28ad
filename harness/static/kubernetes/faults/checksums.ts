import { isDeepStrictEqual as same } from 'node:util'
import { isWorkload, type Manifest, podTemplateOf } from '../manifest.ts'
import { called, containersIn, type FaultFinder, upgradeOf } from './release.ts'

/**
 * Variables are read when a pod starts, and a pod starts anew only when its template changes.
 * Where an upgrade changes the configuration, that shows by itself; else a checksum among the annotations has to do.
 * https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments
 */
export const withoutChecksum: FaultFinder = (release) => {
  const { manifests } = release
  const maps = manifests.filter(({ kind }) => kind === 'ConfigMap')
  const changed = maps.filter((map) => !same(map.data, upgradeOf(map, release)?.data))
  const named = (name: string | undefined, among: Manifest[]) => among.some(({ metadata }) => metadata.name === name)
  return manifests
    .filter(isWorkload)
    .filter((workload) => {
      const read = containersIn(workload).flatMap(({ env = [], envFrom = [] }) => [
        ...envFrom.map(({ configMapRef }) => configMapRef?.name),
        ...env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
      ])
      const annotations = { ...workload.metadata.annotations, ...podTemplateOf(workload)?.metadata?.annotations }
      const follows = Object.keys(annotations).some((name) => /checksum|hash|sha\d*|reloader|rollme/i.test(name))
      const stays = same(podTemplateOf(workload), podTemplateOf(upgradeOf(workload, release) ?? workload))
      return read.some((name) => (named(name, changed) ? stays : named(name, maps) && !follows))
    })
    .map(called)
}
