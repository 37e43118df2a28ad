/** The bundled application in all of its environments: each question, and each event after them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { report as reportSchema } from '../../harness/report/schema.ts'
import { workplace } from '../cli/parity.ts'
import { application } from '../defects/plant.ts'

test('nothing differs, whatever is asked and whatever happens', async () => {
  await using place = await workplace()
  const { exitCode, stdout } = await place.parity(['check', application, '--events', '--output', place.output])
  const { results, findings } = reportSchema.parse(
    JSON.parse(await readFile(join(place.output, 'report.json'), 'utf8')),
  )
  expect(findings.map(({ verdict, sentence }) => `${verdict}: ${sentence}`)).toEqual([])
  expect(new Set(results.map(({ probe }) => probe))).toContain('event/reinstall')
  expect(exitCode, stdout).toBe(0)
})
