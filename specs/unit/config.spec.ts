import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Document, parse } from 'yaml'
import { ConfigError, loadConfig, type Problem } from '../../harness/config/load.ts'
import { schemas } from '../../scripts/generate-schemas.ts'

const DATA = join(import.meta.dirname, 'config')
const fixtures = (kind: string) => readdirSync(DATA).filter((name) => name.startsWith(kind))

describe('a project with a right parity.yaml', () => {
  it.each(fixtures('valid-'))('is loaded: %s', async (name) => {
    const { directory, settings } = await loadConfig(join(DATA, name))
    expect(directory).toBe(name.endsWith('.yaml') ? DATA : join(DATA, name))
    expect(settings.version).toBe(1)
  })

  it('has what it merges, its own values first', async () => {
    const { settings } = await loadConfig(join(DATA, 'valid-merge.yaml'))
    expect(settings.environments.production).toMatchObject({
      services: { worker: { image: 'nginx', port: 8000, env: { MODE: 'production', ROLE: 'worker' } } },
    })
  })

  it('has its accepted differences one by one, and nothing where a side has nothing', async () => {
    const { acceptedFile, accepted } = await loadConfig(join(DATA, 'valid-accepted'))
    expect(acceptedFile).toBe(join(DATA, 'valid-accepted', 'parity.accepted.yaml'))
    const entry = {
      probe: 'packages',
      environment: 'development',
      reason: 'Tests run in development only.',
      review: '2027-05-01',
    }
    expect(accepted).toStrictEqual([
      { ...entry, pointer: '/web/installed/pytest', candidate: '8.3.4' },
      { ...entry, pointer: '/web/argv', reference: ['gunicorn'], candidate: ['python', 'manage.py'] },
      { ...entry, probe: 'http', reason: 'Nothing and null are not the same.', pointer: '', reference: null },
    ])
  })
})

/** In the invalid files a comment on the mistaken line says what is expected: `# @COLUMN message`. */
function expectedProblems(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      line
        .split(/\s+# @/)
        .slice(1)
        .map((comment) => `${index + 1}:${comment}`),
    )
}

const shown = ({ line, column, message }: Problem) => `${line}:${column} ${message}`

describe('a project with mistakes', () => {
  it.each(fixtures('invalid-'))('is told every one of them at its place: %s', async (name) => {
    const file = join(DATA, name, name.endsWith('.yaml') ? '' : 'parity.accepted.yaml')
    const { problems } = await failureOf(join(DATA, name))
    expect(problems.map(shown)).toEqual(expectedProblems(file))
    expect(new Set(problems.map((problem) => problem.file))).toEqual(new Set([file]))
  })

  it('is told twelve of twelve, a line each', async () => {
    const { message, problems } = await failureOf(join(DATA, 'invalid-twelve.yaml'))
    expect(problems).toHaveLength(12)
    const lines = message.split('\n')
    expect(lines).toHaveLength(12)
    expect(lines[4]).toBe(
      'specs/unit/config/invalid-twelve.yaml:24:9 environments.production.services.web.comand: unknown key; did you mean "command"?',
    )
  })

  it.each(['nowhere', 'project', 'nowhere.yaml'])('is told that there is no parity.yaml: %s', async (name) => {
    const { problems } = await failureOf(join(DATA, name))
    expect(problems.map(shown)).toEqual([
      '1:1 there is no such file; write one that describes the project, or name the folder that has one',
    ])
  })

  it('is told of both files at once', async () => {
    const { problems } = await failureOf(join(DATA, 'both-wrong'))
    expect(problems.map(({ file, path }) => [basename(file), path])).toEqual([
      ['parity.accepted.yaml', '[0].environment'],
      ['parity.yaml', 'version'],
    ])
  })
})

describe('a project with nonsense', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parity-config-'))
    cpSync(DATA, folder, { recursive: true })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const wholes = ['valid-full.yaml', 'valid-kubernetes.yaml']
  const cases = wholes.flatMap((name) => [null, 5, 'text', [{}], { key: 1 }].map((nonsense) => ({ name, nonsense })))

  it.each(cases)('is told so wherever it stands: $nonsense in $name', async ({ name, nonsense }) => {
    const whole = parse(readFileSync(join(DATA, name), 'utf8'))
    const file = join(folder, 'nonsense.yaml')
    for (const path of places(whole)) {
      const document = new Document(whole)
      document.setIn(path, nonsense)
      writeFileSync(file, document.toString())
      const outcome = await loadConfig(file).catch((error: unknown) => error)
      if (outcome instanceof Error) expect(outcome, `at ${path.join('.')}`).toBeInstanceOf(ConfigError)
    }
  })
})

/** Every place in a value, without the value as a whole. */
function places(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...places(inner).map((path) => [key, ...path])])
}

describe('the published JSON Schemas', () => {
  it.each(Object.entries(schemas))(
    '%s is up to date; `node scripts/generate-schemas.ts` writes it',
    (file, content) => {
      expect(readFileSync(join(import.meta.dirname, '../..', file), 'utf8')).toBe(content)
    },
  )
})

async function failureOf(project: string): Promise<ConfigError> {
  const error = await loadConfig(project).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ConfigError)
  return error as ConfigError
}
