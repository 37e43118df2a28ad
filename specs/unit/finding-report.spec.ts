import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { judge } from '../../harness/compare/judge.ts'
import { markdown } from '../../harness/report/markdown.ts'
import { reportOf } from '../../harness/report/report.ts'
import { terminal } from '../../harness/report/terminal.ts'
import { recordingOf } from './recording.ts'

const packages = (version: string) => ({
  python: { web: { installed: Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, { version }])) } },
})
const input = recordingOf([packages('1'), packages('1')], [packages('2')])
for (const each of input.observations) each.probe = 'packages'
const report = reportOf(input, judge(input, []))
const shown = (verbose: boolean) => stripVTControlCharacters(terminal(report, { verbose }))

test('a finding is told by its sentence, then by the first places with both values', () => {
  const text = shown(false)
  expect(text).toMatch(
    /^✗ package a is "2" in development, "1" in production, and so it is with b, c, d,\n {2}e and f$/m,
  )
  expect(text).toMatch(
    / {2}packages in development\n {4}✗ \/python\/web\/installed\/a\/version\n {8}production: "1"\n {8}development: "2"/,
  )
  expect(text).toContain(`… and 2 more places: --verbose, or ${report.findings[0]?.id} in report.json`)
})

test('--verbose leaves out none', () => {
  expect(shown(true).match(/installed/g)).toHaveLength(6)
  expect(shown(true)).not.toContain('more places')
})

test('Markdown has the sentence as a heading and every place folded below it', () => {
  expect(markdown(report)).toMatch(/^### package a is "2" in development/m)
  expect(markdown(report).match(/\/installed\//g)).toHaveLength(6)
})
