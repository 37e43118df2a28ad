import { called, containersIn, type FaultFinder } from './release.ts'

/** Whoever may look at a ConfigMap or a pod reads them. https://kubernetes.io/docs/concepts/configuration/secret/ */
export const readableCredentials: FaultFinder = ({ manifests, redactor }) => {
  const isCredential = (name: string, value: unknown) =>
    (redactor.isSecretName(name) && isValue(String(value ?? ''))) || PASSWORD_IN_URL.test(String(value))
  const inMaps = manifests
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap((map) =>
      Object.entries(map.data ?? {})
        .filter(([name, value]) => isCredential(name, value))
        .map(([name]) => `${called(map)}: ${name}`),
    )
  const inPods = manifests.flatMap((manifest) =>
    containersIn(manifest).flatMap(({ name: container, env = [] }) =>
      env
        .filter(({ name, value }) => value !== undefined && isCredential(name, value))
        .map(({ name }) => `${called(manifest)}, ${container}: ${name}`),
    ),
  )
  return [...inMaps, ...inPods]
}

const PASSWORD_IN_URL = /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:[^\s/@$]+@/i

/** Not empty, not a number or a switch (`TOKEN_TTL_SECONDS`), not a path to it, not a reference to be filled in. */
function isValue(value: string): boolean {
  return !/^(|\d+|true|false|\/.*|\$\(\w+\))$/i.test(value)
}
