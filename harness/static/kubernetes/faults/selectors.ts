import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Manifest } from '../manifest.ts'
import { isWorkload } from '../manifest.ts'
import { called, type FaultFinder, upgradeOf } from './release.ts'

/**
 * Selectors and claim templates cannot be changed, so nothing in them may name a version or follow a value.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates
 */
export const changingSelectors: FaultFinder = (release) => {
  const { manifests, folder } = release
  const { version, appVersion } = parse(readFileSync(join(folder, 'Chart.yaml'), 'utf8')) as Record<string, unknown>
  const versions = [version, appVersion].map((each) => String(each ?? '')).filter((each) => /\d\.\d/.test(each))
  const namesVersion = ([label, value]: [string, unknown]) =>
    VERSION_LABEL.test(label) || versions.some((each) => String(value).includes(each))
  return manifests.filter(isWorkload).flatMap((workload) => {
    const after = immutableLabels(upgradeOf(workload, release) ?? workload)
    const changes = ([label, value]: [string, unknown]) =>
      !after.some(([other, now]) => other === label && now === value)
    return immutableLabels(workload)
      .filter((entry) => namesVersion(entry) || changes(entry))
      .map(([label]) => `${called(workload)}: ${label}`)
  })
}

const VERSION_LABEL =
  /^(helm\.sh\/chart|app\.kubernetes\.io\/version|version|chart|release-?version|app-?version|tag)$/i

function immutableLabels({ kind, spec }: Manifest): [string, unknown][] {
  const claims: Manifest[] = kind === 'StatefulSet' ? (spec?.volumeClaimTemplates ?? []) : []
  return [
    ...Object.entries(spec?.selector?.matchLabels ?? {}),
    ...claims.flatMap(({ metadata }) => Object.entries(metadata.labels ?? {})),
  ]
}
