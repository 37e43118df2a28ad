/** From the files of a project to one contract for each environment. */
import type { Config } from '../config/load.ts'
import type { EnvironmentSpec } from '../config/schema.ts'
import type { Redactor } from '../secrets.ts'
import { readCompose } from './compose.ts'
import { readContainers } from './containers.ts'
import type { Contract } from './contract.ts'
import { readKubernetes } from './kubernetes/read.ts'

/** What a reader is given to work with. */
export interface Reading {
  /** Name of the environment in parity.yaml. */
  name: string
  /** The folder of parity.yaml. */
  directory: string
  redactor: Redactor
  signal: AbortSignal
}

type Reader<Spec> = (spec: Spec, reading: Reading) => Promise<Contract>

const readers: Record<EnvironmentSpec['kind'], Reader<never>> = {
  compose: readCompose,
  containers: readContainers,
  kind: readKubernetes,
  cluster: readKubernetes,
}

/** @throws an error with the words of compose or Helm when they cannot make sense of the files */
export function readContract(config: Config, name: string, context: Omit<Reading, 'name' | 'directory'>) {
  const spec = config.settings.environments[name] as EnvironmentSpec
  return readers[spec.kind](spec as never, { ...context, name, directory: config.directory })
}
