import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { tiny, workplace } from './parity.ts'

// Two starts of both environments.
vi.setConfig({ testTimeout: 300_000 })

test('from a finding’s id alone to both environments, and to a command that shows the difference', async () => {
  await using place = await workplace()
  const project = join(place.folder, 'tiny')
  await cp(tiny, project, { recursive: true, filter: (path) => !path.includes('.parity') })
  const env = { TINY_GREETING: 'goodbye' }
  await place.parity(['check', project, '--output', place.output, '--only', 'http'], { env })
  const file = join(place.output, 'report.json')
  const { findings } = JSON.parse(await readFile(file, 'utf8'))
  const { id, sentence } = findings[0]

  const unknown = await place.parity(['repro', `${id}0`, project, '--report', file])
  expect(unknown.stderr).toBe(
    `parity: the report has no ${id}0; did you mean "${id}"? (findings: ${findings.map((each: { id: string }) => each.id).join(', ')})`,
  )
  expect(unknown.exitCode).toBe(2)

  try {
    const start = performance.now()
    const { exitCode, stdout, stderr } = await place.parity(['repro', id, project, '--report', file], { env })
    expect(exitCode, stderr).toBe(0)
    expect((performance.now() - start) / 1000).toBeLessThan(60)
    expect(stdout).toContain(sentence)
    // The same images as in the report: nothing to be warned of.
    expect(stdout).not.toMatch(/as in the report/)

    const [, candidate, reference] = /# development\n +(curl .+)\n.*# production\n +(curl .+)\n/.exec(stdout) ?? []
    expect((await exec(['sh', '-c', candidate as string])).stdout).toMatch(/goodbye/)
    expect((await exec(['sh', '-c', reference as string])).stdout).toMatch(/hello/)

    const shells = [...stdout.matchAll(/^ +parity (shell (?:development|production) \w+ --project .+)$/gm)]
    expect(shells).toHaveLength(2)
    for (const [, line] of shells) {
      const inside = await place.parity([...(line as string).split(' '), '--', 'sh', '-c', 'echo inside'])
      expect(inside.stdout).toBe('inside')
    }
  } finally {
    await place.parity(['down'], { cwd: project })
  }
  expect(await place.leftovers()).toEqual([])
})
