import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { judge } from '../../harness/compare/judge.ts'
import { fake } from '../../harness/environments/fake.ts'
import { evidenceOf, evidenceOfFailedStart } from '../../harness/evidence/evidence.ts'
import { partingOf } from '../../harness/evidence/parting.ts'
import { timelinesOf } from '../../harness/evidence/timeline.ts'
import { type Witness, witness } from '../../harness/evidence/witness.ts'
import { removeEvidence, writeEvidence } from '../../harness/evidence/write.ts'
import { reportOf } from '../../harness/report/report.ts'
import { redactor } from '../../harness/secrets.ts'
import { observation, recording } from './recording.ts'

const at = (seconds: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + seconds * 1000).toISOString()
const witnessOf = (environment: string, changes: Partial<Witness> = {}): Witness => ({
  environment,
  startedAt: at(0),
  lines: [
    { role: 'web', time: at(1), text: 'listening' },
    { role: 'web', time: at(50), text: 'answered' },
  ],
  described: { 'inspect/web.json': '{}', 'events.log': `${at(2)} web: health_status: healthy` },
  ...changes,
})
const probes = [{ name: 'question', question: 'what does it answer?', effect: 'reads' as const }]
const seen = { startedAt: at(49), seconds: 1 }

function differing() {
  const run = recording('yes', 'yes', 'no')
  run.observations = run.observations.map((each) => ({ ...each, ...seen }))
  return reportOf(run, judge(run, []))
}

describe('what an environment is asked before it goes down', () => {
  test('holds its logs and what its platform says, without secrets', async () => {
    const log = 'connecting with PASSWORD=abc and token very-long-secret-value'
    const environment = await fake('witness', { web: { log } })
    const redact = redactor('p')
    redact.learn('very-long-secret-value')
    try {
      const { lines, described } = await witness(environment, redact)
      expect(lines.map(({ text }) => text).join()).toMatch(/^connecting with PASSWORD=secret:\w+ and token secret:\w+$/)
      expect(described['events.log']).toContain('web: started')
    } finally {
      await environment.down()
    }
  })

  test('says what could not be had, and goes on', async () => {
    const environment = await fake('broken', { web: {} })
    try {
      const describe = async () => {
        throw new Error('the engine does not answer')
      }
      const { described } = await witness({ ...environment, describe }, redactor('p'))
      expect(described).toEqual({ 'not-described.txt': 'the engine does not answer' })
    } finally {
      await environment.down()
    }
  })
})

describe('evidence', () => {
  test('has a folder for each finding, with both answers, the commands and the logs around that moment', () => {
    const report = differing()
    const id = report.findings[0]?.id
    const files = evidenceOf(report, [witnessOf('production'), witnessOf('development')], probes)
    expect(files[`${id}/answers.json`]).toMatch(/"yes"[\s\S]*"no"/)
    expect(files[`${id}/finding.md`]).toContain('what does it answer?')
    expect(files[`${id}/logs/development/web.log`]).toBe(`${at(50)} answered\n`)
    expect(files['environments/development/logs/web.log']).toContain('listening')
    expect(files['environments/production/inspect/web.json']).toBe('{}')
  })

  test('of a run in which nothing was found is nothing', () => {
    const run = recording(1, 1, 1)
    expect(evidenceOf(reportOf(run, judge(run, [])), [witnessOf('production')], probes)).toEqual({})
  })

  describe('on the disk', () => {
    let output: string
    beforeEach(async () => {
      output = await mkdtemp(join(tmpdir(), 'parity-evidence-'))
    })
    afterEach(() => rm(output, { recursive: true }))

    test('is a folder and an archive of the same, until the next run', async () => {
      const files = evidenceOfFailedStart('staging', 'web exited with code 1', { 'logs/web.log': 'no such table\n' })
      await writeEvidence(files, output)
      const log = await readFile(join(output, 'evidence/environments/staging/logs/web.log'), 'utf8')
      expect(log).toBe('no such table\n')
      expect(await entriesOf(join(output, 'evidence.tar.gz'))).toEqual({
        'evidence/environments/staging/why.txt': 'web exited with code 1\n',
        'evidence/environments/staging/logs/web.log': 'no such table\n',
      })
      await removeEvidence(output)
      expect(await readdir(output)).toEqual([])
    })

    test('stays in its folder, whatever a role is called', async () => {
      await writeEvidence({ 'environments/a/logs/../../../../x/..\\y.log': 'text' }, output)
      expect(Object.keys(await entriesOf(join(output, 'evidence.tar.gz')))).toEqual([
        'evidence/environments/a/logs/x/.._y.log',
      ])
    })
  })
})

describe('a timeline', () => {
  test('has requests, events, health and logs on one clock', () => {
    const observations = [
      observation('production', 1, seen),
      observation('production', 1, { ...seen, probe: 'events/kill' }),
    ]
    const asked = [...probes, { name: 'events/kill', question: '', effect: 'disturbs' as const }]
    const { production } = timelinesOf([witnessOf('production')], observations, asked)
    expect(production).toEqual([
      { atSeconds: 1, kind: 'log', role: 'web', text: 'listening' },
      { atSeconds: 2, kind: 'health', role: 'web', text: 'health_status: healthy' },
      { atSeconds: 49, kind: 'request', role: null, text: 'question' },
      { atSeconds: 49, kind: 'event', role: null, text: 'events/kill' },
      { atSeconds: 50, kind: 'log', role: 'web', text: 'answered' },
    ])
  })

  test('keeps warnings of a service that logs a lot', () => {
    const lines = Array.from({ length: 5000 }, (_, line) => ({ role: 'web', time: at(line), text: `line ${line}` }))
    lines[2500] = { role: 'web', time: at(2500), text: 'ERROR: out of memory' }
    const { production = [] } = timelinesOf([witnessOf('production', { lines, described: {} })], [], [])
    expect(production.length).toBeLessThan(300)
    expect(production.map(({ text }) => text)).toContain('ERROR: out of memory')
  })

  test('parts where the first finding was asked', () => {
    const { recording: run, findings } = differing()
    run.timelines = timelinesOf([witnessOf('production'), witnessOf('development')], run.observations, probes)
    expect(partingOf(run, findings, 'development')).toMatchObject({ candidateAtSeconds: 49, finding: findings[0]?.id })
  })

  test('parts earlier where only one of them logs an error, whatever the ids and times in it', () => {
    const { recording: run, findings } = differing()
    const logging = (environment: string, ...texts: string[]) =>
      witnessOf(environment, { lines: texts.map((text, index) => ({ role: 'web', time: at(index + 1), text })) })
    const witnesses = [
      logging('production', 'ERROR: retry 17 at 2026-01-01 00:00:01'),
      logging('development', 'ERROR: retry 4 at 2026-01-01 00:09:09', 'ERROR: disk is full'),
    ]
    run.timelines = timelinesOf(witnesses, run.observations, probes)
    expect(partingOf(run, findings, 'development')).toMatchObject({
      candidateAtSeconds: 2,
      text: expect.stringContaining('disk is full'),
    })
  })

  test('of a candidate without findings does not part', () => {
    const { recording: run } = differing()
    expect(partingOf(run, [], 'development')).toBeUndefined()
  })
})

async function entriesOf(file: string): Promise<Record<string, string>> {
  const tar = Readable.from([await readFile(file)])
    .pipe(createGunzip())
    .pipe(extract())
  const entries: Record<string, string> = {}
  for await (const entry of tar) entries[entry.header.name] = (await buffer(entry)).toString()
  return entries
}
