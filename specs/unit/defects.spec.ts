import { cp } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { scratchFolder } from '../../harness/environments/scratch.ts'
import { exec } from '../../harness/exec.ts'
import { defects } from '../defects/defect.ts'
import { application } from '../defects/plant.ts'

describe('the planted defects', () => {
  test('are patches that apply', async () => {
    // Outside of any repository: there `git apply` looks at nothing but the files.
    await using scratch = await scratchFolder()
    await cp(application, scratch.path, { recursive: true, filter: (path) => !path.includes('node_modules') })
    const outcomes = await Promise.all(
      defects.map(({ patch }) =>
        exec(['git', 'apply', '--check', '-p1', '-C1', patch], { cwd: scratch.path, accept: 'any' }),
      ),
    )
    expect(
      outcomes.flatMap(({ stderr, exitCode }, index) => (exitCode ? [`${defects[index]?.id}: ${stderr}`] : [])),
    ).toEqual([])
  })

  test('are of at least sixty classes, and some of them of none', () => {
    const of = (wanted: unknown) => defects.filter((defect) => defect.class === wanted)
    expect(new Set(defects.map((defect) => defect.class).filter(Number.isInteger)).size).toBeGreaterThanOrEqual(60)
    expect(of('own').length).toBeGreaterThanOrEqual(12)
    expect(of('equivalent').length).toBeGreaterThanOrEqual(6)
  })

  test('have an id of their own each', () => {
    expect(new Set(defects.map(({ id }) => id)).size).toBe(defects.length)
  })
})
