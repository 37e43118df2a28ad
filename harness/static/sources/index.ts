/** Where what each role is given is written, so that whoever explains a difference can point at a line. */
import type { Config } from '../../config/load.ts'
import type { EnvironmentSpec } from '../../config/schema.ts'
import type { Source } from '../../model.ts'
import { redactor } from '../../secrets.ts'
import { chartSources } from './chart.ts'
import { composeSources } from './compose.ts'
import { containersSources } from './containers.ts'
import type { Placing } from './place.ts'

interface Reading {
  name: string
  /** parity.yaml */
  file: string
  placing: Placing
  signal: AbortSignal
}

const readers: Record<EnvironmentSpec['kind'], (spec: never, reading: Reading) => Promise<Source[]>> = {
  compose: (spec, { placing }) => composeSources(spec, placing),
  containers: (spec, { placing, name, file }) => containersSources(spec, placing, name, file),
  kind: (spec, { placing, signal }) => chartSources(spec, placing, signal),
  cluster: (spec, { placing, signal }) => chartSources(spec, placing, signal),
}

/** By environment. Needs no engine and never fails: files that cannot be understood give no sources. */
export async function sourcesOf(
  { settings, file, directory }: Config,
  names: string[] = Object.keys(settings.environments),
  signal: AbortSignal = new AbortController().signal,
): Promise<Record<string, Source[]>> {
  const { isSecretName } = redactor(settings.project, settings.secrets)
  const placing: Placing = { directory, isSecret: isSecretName }
  const entries = names.map(async (name): Promise<[string, Source[]]> => {
    const spec = settings.environments[name]
    try {
      return [name, spec ? await readers[spec.kind](spec as never, { name, file, placing, signal }) : []]
    } catch {
      // Whoever starts the environment, or asks for its contract, tells what is wrong with its files.
      return [name, []]
    }
  })
  return Object.fromEntries(await Promise.all(entries))
}
