import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { terminal } from '../../harness/report/terminal.ts'
import { hostile, threeFindings } from '../report/reports.ts'

/** Values, commands and lines of files stand as they are, so that they can be copied. */
const isProse = (line: string) => !/^ +(?:production|development|staging): |^ +\$ |^ {2}\S+:\d+ /.test(line)

test('prose fits 80 columns, and nothing of it is lost', () => {
  const report = threeFindings()
  const reason = 'because the people who write the code want to see what went wrong, with all of its details, at once'
  report.recording.notAsked = [{ probe: 'events/upgrade', reason }]
  const text = stripVTControlCharacters(terminal(report))
  expect(text.split('\n').filter((line) => isProse(line) && line.length > 80)).toEqual([])
  expect(text.replaceAll(/\n +/g, ' ')).toContain(reason)
})

test('nothing that the application says acts on the terminal', () => {
  const report = hostile()
  const sequences = '\u001b]0;title\u0007\u001b[2J\r\u009b31m'
  const evil = JSON.parse(JSON.stringify(report).replaceAll('alert(1)', JSON.stringify(sequences).slice(1, -1)))
  const text = terminal(evil, { verbose: true })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there, but for the report's own colours
  expect(text.replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})
