/** The verbs that start nothing, on a saved report. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { judge } from '../../harness/compare/judge.ts'
import { type ExecResult, exec } from '../../harness/exec.ts'
import type { Json } from '../../harness/model.ts'
import { reportOf } from '../../harness/report/report.ts'
import { report as reportSchema } from '../../harness/report/schema.ts'
import { recordingOf } from '../unit/recording.ts'
import { main, tiny, workplace } from './parity.ts'

const seen = (greeting: string, answers = 1) => ({ home: { status: 200, body: { greeting, answers } } })

/** A report of `production` and `development`, in a folder of its own. */
async function saved(place: { folder: string }, name: string, reference: Json, candidate: Json): Promise<string> {
  const recording = recordingOf([reference, reference], [candidate, candidate])
  for (const each of recording.observations) each.probe = 'http'
  const file = join(place.folder, `${name}.json`)
  await writeFile(file, JSON.stringify(reportOf(recording, judge(recording, []))))
  return file
}

async function projectIn(place: { folder: string }): Promise<string> {
  const project = join(place.folder, 'project')
  await cp(tiny, project, { recursive: true })
  return project
}

describe('parity judge', () => {
  test('judges a saved report again: exit 1, the finding and its values', async () => {
    await using place = await workplace()
    const { exitCode, stdout } = await place.parity([
      'judge',
      await saved(place, 'report', seen('hello'), seen('goodbye')),
    ])
    expect(stdout).toMatch(/^✗ body › greeting of "home" is "goodbye" in development, "hello" in production$/m)
    expect(exitCode).toBe(1)
  })

  test('judges a report of the first version, that has neither findings nor times', async () => {
    await using place = await workplace()
    const file = await saved(place, 'report', seen('hello'), seen('goodbye'))
    const { findings: _, ...report } = JSON.parse(await readFile(file, 'utf8'))
    for (const each of report.recording.observations) delete each.startedAt
    await writeFile(file, JSON.stringify(report))
    const { exitCode, stdout } = await place.parity(['judge', file, '--json'])
    expect(reportSchema.parse(JSON.parse(stdout)).findings).toHaveLength(1)
    expect(exitCode).toBe(1)
  })

  test('takes what the project accepts', async () => {
    await using place = await workplace()
    const project = await projectIn(place)
    const file = await saved(place, 'report', seen('hello'), seen('goodbye'))
    await place.parity(['accept', project, '--report', file, '--reason', 'It greets otherwise.'])
    const { exitCode, stdout } = await place.parity(['judge', file, '--project', project])
    expect(stdout).toMatch(/Verdict: same/)
    expect(exitCode).toBe(0)
  })
})

describe('parity accept', () => {
  test('writes what is chosen, and what was accepted before is not accepted again', async () => {
    await using place = await workplace()
    const project = await projectIn(place)
    const file = await saved(place, 'report', seen('hello', 1), seen('goodbye', 2))
    const accept = (...args: string[]) => place.parity(['accept', project, '--report', file, ...args])
    const why = ['--reason', 'Wanted.', '--review', '2999-01-01']
    expect((await accept('--only', 'http/home/body/answers', ...why)).stdout).toMatch(/^1 difference written/)
    expect(await readFile(join(project, 'parity.accepted.yaml'), 'utf8')).toBe(
      `- reason: "Wanted."
  review: 2999-01-01
  probe: http
  environment: development
  differences:
    - { pointer: "/home/body/answers", reference: 1, candidate: 2 }
`,
    )
    expect((await accept(...why)).stdout).toMatch(/^1 difference written/)
    const { exitCode, stderr } = await accept(...why)
    expect(stderr).toBe('parity: there is no difference to accept')
    expect(exitCode).toBe(2)
  })

  test('takes a finding by its name', async () => {
    await using place = await workplace()
    const project = await projectIn(place)
    const file = await saved(place, 'report', seen('hello'), seen('goodbye'))
    const [finding] = JSON.parse(await readFile(file, 'utf8')).findings
    const { exitCode } = await place.parity([
      'accept',
      project,
      '--report',
      file,
      '--reason',
      'Wanted.',
      '--only',
      finding.id,
    ])
    expect(exitCode).toBe(0)
  })
})

/** script(1) is a terminal where there is none. */
function atTerminal(command: string[], input: string): Promise<ExecResult> {
  const script = [
    'script',
    '--quiet',
    '--return',
    '--command',
    command.map((word) => `'${word}'`).join(' '),
    '/dev/null',
  ]
  return exec(script, { input, accept: 'any' })
}

test.each([
  ['an answer', 'Wanted.\n', 0, /1 difference written/],
  ['no answer', '\n', 2, /no reason was given, so nothing is accepted/],
])('parity accept asks at a terminal: %s', async (_, input, code, says) => {
  await using place = await workplace()
  const project = await projectIn(place)
  const file = await saved(place, 'report', seen('hello'), seen('goodbye'))
  const accept = [process.execPath, main, 'accept', project, '--report', file]
  const { exitCode, stdout } = await atTerminal(accept, input)
  expect(stdout).toMatch(/"goodbye" in development, "hello" in production\s+why is that wanted/)
  expect(stdout).toMatch(says)
  expect(exitCode).toBe(code)
})

describe('parity diff', () => {
  test('tells what has appeared and what is gone between two saved reports', async () => {
    await using place = await workplace()
    const before = await saved(place, 'before', seen('hello', 1), seen('goodbye', 1))
    const after = await saved(place, 'after', seen('hello', 1), seen('hello', 2))
    const { exitCode, stdout } = await place.parity(['diff', before, after])
    expect(stdout.split('\n')).toEqual([
      '+ development http/home/body/answers: different 2 against 1',
      '- development http/home/body/greeting: different "goodbye" against "hello"',
    ])
    expect(exitCode).toBe(1)
    const same = await place.parity(['diff', before, before, '--json'])
    expect(JSON.parse(same.stdout)).toEqual([])
    expect(same.exitCode).toBe(0)
  })

  test('holds two environments of a saved report against one another, whichever was the reference', async () => {
    await using place = await workplace()
    const file = await saved(place, 'report', seen('hello'), seen('goodbye'))
    const { exitCode, stdout } = await place.parity(['diff', 'development', 'production', '--report', file])
    expect(stdout).toMatch(/"hello" in production, "goodbye" in development/)
    expect(exitCode).toBe(1)
  })
})

describe('what cannot be done is said in one line, exit 2', () => {
  test.each<[string, (file: string, project: string) => string[], RegExp]>([
    ['no such report', () => ['judge', 'none.json'], /none\.json cannot be read \(ENOENT\)/],
    ['a file that is no report', (_, project) => ['judge', join(project, 'parity.yaml')], /is no report\.json/],
    ['no report yet', (_, project) => ['accept', project, '--reason', 'x'], /run `parity check` first/],
    ['no reason', (file, project) => ['accept', project, '--report', file], /say why with --reason/],
    ['an empty reason', (file, project) => ['accept', project, '--report', file, '--reason', ' '], /--reason is empty/],
    [
      'a date that is none',
      (file, project) => ['accept', project, '--report', file, '--review', '2027-02-30'],
      /Give a date/,
    ],
    [
      'a review in the past',
      (file, project) => ['accept', project, '--report', file, '--review', '2020-01-01'],
      /a day to come/,
    ],
    [
      'a place where nothing differs',
      (file, project) => ['accept', project, '--report', file, '--only', 'http/x'],
      /nothing differs at http\/x/,
    ],
    [
      'an environment that is not there',
      (file) => ['diff', 'developmnt', 'production', '--report', file],
      /did you mean "development"/,
    ],
    ['an environment against itself', (file) => ['diff', 'production', 'production', '--report', file], /named twice/],
  ])('%s', async (_, args, message) => {
    await using place = await workplace()
    const project = await projectIn(place)
    const file = await saved(place, 'report', seen('hello'), seen('goodbye'))
    // From a folder where nobody has left a report.
    const { exitCode, stdout, stderr } = await place.parity(args(file, project), { cwd: project })
    expect(stderr.split('\n')).toEqual([expect.stringMatching(message)])
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })
})
