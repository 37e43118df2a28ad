/**
 * The healthy application, checked again and again while both cores have other work: nothing may be reported.
 * `HEALTHY_RUNS=3 npm run test:healthy` does with fewer. What each has reported stays in `.parity/healthy/`.
 */
import { readFile, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'
import type { Report } from '../../harness/model.ts'
import { main } from '../cli/parity.ts'
import { application } from '../defects/plant.ts'

const RUNS = Number(process.env.HEALTHY_RUNS ?? 30)
/** Each third one with the chart, too. */
const runs = Array.from({ length: RUNS }, (_, index) => ({
  number: index + 1,
  environments: index % 3 === 2 ? 'development,helm' : 'development',
}))

const reports = join(import.meta.dirname, '../../.parity/healthy')
let load: Worker[] = []

beforeAll(async () => {
  await rm(reports, { recursive: true, force: true })
  load = Array.from({ length: availableParallelism() }, () => new Worker('for (;;);', { eval: true }))
})
afterAll(async () => {
  await Promise.all(load.map((worker) => worker.terminate()))
})

test.each(runs)(`run $number of ${RUNS}: $environments`, async ({ number, environments }) => {
  const folder = join(reports, String(number))
  const check = [process.execPath, main, 'check', application, '--output', folder, '--environments', environments]
  const { exitCode, stdout } = await exec(check, { accept: [0, 1] })
  const report: Report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))
  expect(report.findings.map(({ verdict, sentence }) => `${verdict}: ${sentence}`)).toEqual([])
  expect(exitCode, stdout).toBe(0)
})
