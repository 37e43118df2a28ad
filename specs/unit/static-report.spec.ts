/** What was only read is never said to have been seen. */
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { judge } from '../../harness/compare/judge.ts'
import type { Json, Observation } from '../../harness/model.ts'
import { markdown } from '../../harness/report/markdown.ts'
import { reportOf } from '../../harness/report/report.ts'
import { terminal } from '../../harness/report/terminal.ts'
import { observation, recording } from './recording.ts'

const readIn = (environment: string, value: Json) =>
  observation(environment, value, { probe: 'static/question', basis: 'read' })

function reportWith(observations: Observation[]) {
  const recorded = recording(1, 1, 1, { observations })
  return reportOf(recorded, judge(recorded, []))
}

describe('a report of files alone', () => {
  const report = reportWith([readIn('production', 'one'), readIn('development', 'other')])

  test('says of each result and finding that it was read', () => {
    expect(report.results).toMatchObject([{ probe: 'static/question', verdict: 'different', basis: 'read' }])
    expect(report.findings).toMatchObject([{ basis: 'read' }])
  })

  test('says of no environment that it was ready', () => {
    const text = stripVTControlCharacters(terminal(report))
    expect(text).toContain('production (fake, reference) read from files, not started')
    expect(text).not.toContain('ready in')
    expect(markdown(report)).not.toContain('0.0 s')
  })
})

test('what was seen and what was read stand under headings of their own', () => {
  const report = reportWith([
    ...['production', 'development'].map((name) => observation(name, 1)),
    ...['production', 'development'].map((name) => readIn(name, name)),
  ])
  const [seen, read] = stripVTControlCharacters(terminal(report)).split('Read from files, not seen')
  expect(seen).toMatch(/^question +✓ same/m)
  expect(seen).not.toContain('static/question')
  expect(read).toMatch(/^static\/question +✗ different/m)
  expect(markdown(report)).toMatch(
    /question.*same[\s\S]*## Read from files, not seen[\s\S]*static\/question.*different/,
  )
})
