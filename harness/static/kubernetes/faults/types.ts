import { called, containersIn, type FaultFinder } from './release.ts'

/** The API takes strings only, and YAML reads `8000`, `yes` and `1.0` as something else. https://helm.sh/docs/chart_best_practices/values/ */
export const wrongTypes: FaultFinder = ({ manifests }) =>
  manifests.flatMap((manifest) => {
    const { kind, metadata, data, stringData } = manifest
    const maps: [string, Record<string, unknown> | undefined][] = [
      ['label', metadata.labels],
      ['annotation', metadata.annotations],
      ...(kind === 'ConfigMap' || kind === 'Secret'
        ? ([['data', { ...data, ...stringData }]] as [string, Record<string, unknown>][])
        : []),
      ...containersIn(manifest).map(({ name, env = [] }): [string, Record<string, unknown>] => [
        `variable of ${name}`,
        Object.fromEntries(env.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value])),
      ]),
      ...containersIn(manifest).map(({ name, command = [], args = [] }): [string, Record<string, unknown>] => [
        `argument of ${name}`,
        { ...[...command, ...args] },
      ]),
    ]
    return maps.flatMap(([what, map]) =>
      Object.entries(map ?? {})
        .filter(([, value]) => value !== null && typeof value !== 'string')
        .map(
          ([name, value]) =>
            `${called(manifest)}: ${what} ${name} is a ${Array.isArray(value) ? 'list' : typeof value}`,
        ),
    )
  })
