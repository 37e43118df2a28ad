import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { inEngine, main, tiny, workplace } from './parity.ts'

const invalidTwelve = join(import.meta.dirname, '../unit/config/invalid-twelve.yaml')

describe('a command line that cannot be understood', () => {
  test.each([
    ['an unknown verb', ['chekc'], /unknown command 'chekc'.*check/],
    ['an unknown option', ['check', tiny, '--onyl', 'http'], /unknown option '--onyl'.*--only/],
    ['an option without its value', ['check', tiny, '--only'], /--only <probes>.*missing/],
    ['an empty name', ['check', tiny, '--only', 'http,'], /names separated by commas/],
    ['an unknown probe', ['check', tiny, '--only', 'htpt'], /no htpt.*http/],
    ['an unknown probe to leave out', ['check', tiny, '--skip', 'htpt'], /no htpt.*http/],
    ['an unknown environment', ['check', tiny, '--environments', 'prod'], /no prod.*development, production/],
    ['an argument too many', ['config', tiny, 'more'], /too many arguments/],
    ['a project that is not there', ['check', '/no/such/project'], /no such file/],
    ['an environment that there is not', ['up', 'prodction', tiny], /no prodction.*did you mean "production"\?/],
    ['nothing to start', ['up'], /missing required argument 'name'/],
    ['what is not up, to take down', ['down', 'production', tiny], /production is not up; .*`parity up production .*`/],
    ['what is not up, for a shell', ['shell', 'production', 'web', '--project', tiny], /is not up.*parity up/],
    ['what is not up, for its logs', ['logs', 'production', '--project', tiny], /is not up.*parity up/],
    ['what is not up, to open', ['open', 'production', 'web', '--project', tiny], /is not up.*parity up/],
    ['a project that is described already', ['init', tiny], /parity\.yaml is there already; --force/],
    ['nothing to describe', ['init', join(tiny, '../../../parity')], /neither a compose file nor a Dockerfile/],
    [
      'a report before any check',
      ['report', '--output', '/no/such'],
      /no \/no\/such\/report\.html yet; `parity check`/,
    ],
    ['a finding without a report', ['repro', 'F-000000', tiny, '--report', '/no/such.json'], /no report.*parity check/],
    ['a shell that there is not', ['completion', 'fihs'], /bash, zsh, fish; did you mean fish\?/],
    ['a time that is none', ['logs', 'production', '--since', 'noon'], /--since.*noon.*90s, 5m, 2h, 1d/],
  ])('%s: one line that says so, exit 2, nothing started', async (_, args, message) => {
    await using place = await workplace()
    const { exitCode, stdout, stderr } = await place.parity(args)
    expect(stderr.split('\n')).toEqual([expect.stringMatching(message)])
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
    expect(await place.leftovers()).toEqual([])
  })
})

const verbs = [
  'init',
  'check',
  'accept',
  'judge',
  'diff',
  'config',
  'up',
  'down',
  'ps',
  'shell',
  'logs',
  'open',
  'repro',
  'report',
  'setup',
  'doctor',
  'clean',
  'completion',
]

test.each([[[]], ...verbs.map((verb) => [[verb]])])('parity %s --help has an example', async (verb) => {
  await using place = await workplace()
  const { exitCode, stdout, stderr } = await place.parity([...verb, '--help'])
  expect(stdout).toMatch(/^Example:\n {2}parity \w+/m)
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
})

test('output that nobody reads any more is no error: the exit code of SIGPIPE', async () => {
  const unread = `"${process.execPath}" "${main}" --help | :; exit "\${PIPESTATUS[0]}"`
  const { exitCode, stderr } = await exec(['bash', '-c', unread], { accept: 'any' })
  expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: '' })
})

test.each(['config', 'check'])(
  'parity %s tells twelve mistakes, each with its place, and starts nothing',
  async (verb) => {
    await using place = await workplace()
    // Beside the files that it refers to.
    const project = join(place.folder, 'twelve')
    await mkdir(join(project, 'project/server'), { recursive: true })
    await copyFile(invalidTwelve, join(project, 'parity.yaml'))
    await copyFile(join(invalidTwelve, '../project/compose.yaml'), join(project, 'project/compose.yaml'))
    await copyFile(join(invalidTwelve, '../project/server/Dockerfile'), join(project, 'project/server/Dockerfile'))

    const { exitCode, stdout, stderr } = await place.parity([verb, project])
    const lines = stderr.split('\n')
    expect(lines).toHaveLength(12)
    for (const line of lines) expect(line).toMatch(/^.*parity\.yaml:\d+:\d+ ./)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
    expect(await inEngine('Twelve')).toEqual([])
  },
)

test('parity config says what a valid file means', async () => {
  await using place = await workplace()
  const { exitCode, stdout, stderr } = await place.parity(['config', tiny])
  expect(stdout).toMatch(/development \(compose\), production \(containers\); reference: production/)
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  const { stdout: json } = await place.parity(['config', tiny, '--json'])
  expect(JSON.parse(json)).toMatchObject({ project: 'tiny', reference: 'production' })
})
