/** The bundled application in all of its environments: each question, and each event after them. */
import { expect, test } from 'vitest'
import { readReport, workplace } from '../cli/parity.ts'
import { application } from '../defects/plant.ts'

test('nothing differs, whatever is asked and whatever happens', async () => {
  await using place = await workplace()
  const { exitCode, stdout } = await place.parity(['check', application, '--events', '--output', place.output])
  const { results, findings } = await readReport(place.output)
  expect(findings.map(({ verdict, sentence }) => `${verdict}: ${sentence}`)).toEqual([])
  expect(new Set(results.map(({ probe }) => probe))).toContain('event/reinstall')
  expect(exitCode, stdout).toBe(0)
})
