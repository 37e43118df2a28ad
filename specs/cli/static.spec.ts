/** `parity check --static`: reads the files of a project and starts nothing. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../harness/model.ts'
import { workplace } from './parity.ts'

const shop = join(import.meta.dirname, '../unit/static/shop')
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

  test('reads compose files as compose does, and says of those that cannot be read that nothing is known', async () => {
    await using place = await workplace()
    const result = await place.parity(['check', shop, '--static', '--json', '--output', place.output])
    const { results, recording } = JSON.parse(result.stdout) as Report
    const answer = (probe: string) =>
      recording.observations.find((seen) => seen.probe === probe && seen.environment === 'development')?.value
    expect(answer('static/variables')).toMatchObject({
      web: {
        values: { SHOP_COLOUR: 'green', SHOP_SIZE: 'large', SHOP_TOKEN: true, SHOP_LANGUAGE: 'de' },
      },
    })
    expect(answer('static/files')).toMatchObject({ 'interpolated variables that are not set': ['SHOP_NOT_GIVEN'] })
    expect(answer('static/image')).toMatchObject({ web: { dockerfile: 'web/Dockerfile', stage: 'development' } })
    expect(answer('static/command')).toMatchObject({ web: { form: 'shell' } })
    const broken = results.filter(({ environment }) => environment === 'broken')
    expect(broken.map(({ verdict }) => verdict)).toEqual(broken.map(() => 'unknown'))
    expect(broken[0]?.reason).toContain('the probe failed in broken')
    expect(result.exitCode).toBe(1)
    expect(result.stdout).not.toContain('not-for-readers')
  })
})
