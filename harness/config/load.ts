/** From the files beside an application to the configuration of a run. */
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { AcceptedDifference } from '../model.ts'
import { acceptedDifferences, checkAccepted, flatten } from './accepted.ts'
import { check } from './checks/index.ts'
import { ConfigError, type Finding, type Problem } from './problem.ts'
import { type Reading, read } from './salvage.ts'
import { type ParityFile, parity } from './schema.ts'
import { readSource, type Source } from './source.ts'

export { ConfigError, type Problem }

export interface Config {
  /** Absolute path of parity.yaml. */
  file: string
  /** Its folder; all paths in it are relative to this one. */
  directory: string
  settings: ParityFile
  /** Absolute path of parity.accepted.yaml, which need not exist. */
  acceptedFile: string
  accepted: AcceptedDifference[]
}

/**
 * Reads and checks parity.yaml and parity.accepted.yaml; nothing is started or built.
 * @throws ConfigError with every problem of both files.
 */
export async function loadConfig(directoryOrFile: string): Promise<Config> {
  const file = parityFile(resolve(directoryOrFile))
  const directory = dirname(file)
  const acceptedFile = join(directory, 'parity.accepted.yaml')

  const source = readSource(file)
  const { problems, reading } = understand(source, parity, (reading) => check({ ...reading, directory }), withoutHead)
  const accepted = exists(acceptedFile) ? readAccepted(acceptedFile, reading) : { problems: [], differences: [] }
  problems.push(...accepted.problems)

  if (problems.length > 0 || !reading) throw new ConfigError(problems)
  return { file, directory, settings: reading.settings, acceptedFile, accepted: accepted.differences }
}

/** For the checks of what stands below: a project without a proper name can still have a wrong port. */
const withoutHead = parity.extend({
  version: parity.shape.version.default(1),
  project: parity.shape.project.default(''),
  reference: parity.shape.reference.default(''),
  environments: parity.shape.environments.default({}),
})

function readAccepted(file: string, parityReading: Reading<ParityFile> | undefined) {
  const source = readSource(file)
  // A file with nothing but comments accepts nothing.
  const withValue = source.value === null ? { ...source, value: [] } : source
  const { problems, reading } = understand(withValue, acceptedDifferences, (reading) =>
    parityReading
      ? checkAccepted(reading, parityReading.written(['environments']), parityReading.settings.reference)
      : [],
  )
  return { problems, differences: flatten(reading?.settings ?? []) }
}

type Schema<T> = Parameters<typeof read<T>>[0]

/** Text, shape and meaning of one file: all that is wrong with it, and what could be read. */
function understand<T>(
  source: Source,
  schema: Schema<T>,
  checkMeaning: (reading: Reading<T>) => Iterable<Finding>,
  lenient = schema,
) {
  if (source.value === undefined) return { problems: source.problems, reading: undefined }
  const { findings, reading } = read(schema, source.value, lenient)
  const problems = [...source.problems, ...findings.map(source.locate)]
  for (const finding of reading ? checkMeaning(reading) : []) {
    problems.push(source.locate({ ...finding, path: reading?.inFile(finding.path) ?? finding.path }))
  }
  return { problems, reading }
}

function parityFile(path: string): string {
  const file = /\.ya?ml$/.test(path) ? path : join(path, 'parity.yaml')
  if (exists(file)) return file
  const message = 'there is no such file; write one that describes the project, or name the folder that has one'
  throw new ConfigError([{ file, line: 1, column: 1, path: '', message }])
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined
}
