/** What a fault of a chart is looked for in. */
import type { Redactor } from '../../../secrets.ts'
import type { DeclaredImage } from '../../contract.ts'
import type { Container, Manifest } from '../manifest.ts'
import { podTemplateOf } from '../manifest.ts'

export interface Release {
  /** Of this release alone. */
  manifests: Manifest[]
  /** Of this release with the values that parity.yaml has for an upgrade; the same ones where it has none. */
  upgraded: Manifest[]
  /** Of everything in the namespace. */
  all: Manifest[]
  namespace: string
  /** The chart's folder. */
  folder: string
  /** Values files that parity.yaml names, absolute. */
  valuesFiles: string[]
  /** Paths that parity.yaml sets: `image.tag`. */
  setPaths: string[]
  imageOf: (reference: string) => DeclaredImage
  redactor: Redactor
}

/** Where is it wrong? Empty when it is not. */
export type FaultFinder = (release: Release) => string[]

export function containersIn(manifest: Manifest): Container[] {
  const { containers = [], initContainers = [] } = podTemplateOf(manifest)?.spec ?? {}
  return [...initContainers, ...containers]
}

/** The same object after the upgrade. */
export function upgradeOf({ kind, metadata }: Manifest, { upgraded }: Release): Manifest | undefined {
  return upgraded.find((other) => other.kind === kind && other.metadata.name === metadata.name)
}

export function called({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.name}`
}
