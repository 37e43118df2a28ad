/** `parity check --static`: reads the files of a project and starts nothing. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { workplace } from './parity.ts'

const bundled = join(import.meta.dirname, '../../fixtures/manifest-tracker')

describe('parity check --static', () => {
  test('finds the bundled application the same everywhere, without an engine', async () => {
    await using place = await workplace()
    const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }
    const result = await place.parity(['check', bundled, '--static', '--output', place.output], { env: nowhere })
    expect(result.exitCode, result.stdout + result.stderr).toBe(0)
    expect(result.stdout).toContain('Read from files, not seen')
    expect(result.stdout).toMatch(/static\/variables +≈ accepted +✓ same/)
  })

  test('asks only what --only names', async () => {
    await using place = await workplace()
    const args = ['check', bundled, '--static', '--only', 'static/user', '--json', '--output', place.output]
    const { results, recording } = JSON.parse((await place.parity(args)).stdout)
    expect(new Set(results.map(({ probe }: { probe: string }) => probe))).toEqual(new Set(['static/user']))
    expect(recording.notAsked).toContainEqual({ probe: 'static/image', reason: 'left out of this run' })
  })
})
