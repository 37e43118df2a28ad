/** The absences of ARCHITECTURE.md, checked by a machine. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'

const root = join(import.meta.dirname, '../..')
const sources = globSync('harness/**/*.{ts,tsx,py,sh}', { cwd: root }).map((file) => ({
  file,
  text: readFileSync(join(root, file), 'utf8'),
}))
const importsOf = (text: string) =>
  [...text.matchAll(/^(?:import|export)\b[^'"]*from '([^']+)'/gms)].map(([, from]) => from as string)
const offenders = (wrong: (source: { file: string; text: string }) => boolean) =>
  sources.filter(wrong).map(({ file }) => file)

test('there is code to look at', () => {
  expect(sources.length).toBeGreaterThan(20)
})

test('it is formatted and free of lint', async () => {
  const { stdout, stderr, exitCode } = await exec(['biome', 'check', '.'], { cwd: root, accept: 'any' })
  expect(exitCode, stdout + stderr).toBe(0)
}, 60_000)

test('its types hold', async () => {
  const { stdout, exitCode } = await exec(['tsc', '--noEmit'], { cwd: root, accept: 'any' })
  expect(exitCode, stdout).toBe(0)
}, 60_000)

describe('the rooms', () => {
  test('a probe never imports an environment, an environment never imports a probe', () => {
    expect(
      offenders(
        ({ file, text }) =>
          file.startsWith('harness/probes/') && importsOf(text).some((from) => from.includes('environments/')),
      ),
    ).toEqual([])
    expect(
      offenders(
        ({ file, text }) =>
          file.startsWith('harness/environments/') && importsOf(text).some((from) => from.includes('probes/')),
      ),
    ).toEqual([])
  })

  test('compare has no I/O, no clock and no randomness', () => {
    const impure = /from 'node:|Date\.now|new Date|Math\.random|performance\.|process\.|fetch\(/
    expect(offenders(({ file, text }) => file.startsWith('harness/compare/') && impure.test(text))).toEqual([])
  })

  test('only exec.ts spawns', () => {
    expect(
      offenders(({ file, text }) => file !== 'harness/exec.ts' && /from '(?:execa|node:child_process)'/.test(text)),
    ).toEqual([])
  })

  test('only environments import testcontainers, a Kubernetes client or dockerode', () => {
    const clients = /^(?:testcontainers|@testcontainers\/.*|dockerode|@kubernetes\/.*)$/
    expect(
      offenders(
        ({ file, text }) =>
          !file.startsWith('harness/environments/') && importsOf(text).some((from) => clients.test(from)),
      ),
    ).toEqual([])
  })

  test('nothing outside environments decides by the kind of an environment', () => {
    const decides =
      /\bkind\s*[!=]==?\s*['"](?:compose|containers|kind|cluster|fake)|case '(?:compose|containers|kind|cluster)'/
    expect(offenders(({ file, text }) => !file.startsWith('harness/environments/') && decides.test(text))).toEqual([])
  })

  test('the rules of parity.yaml start nothing: they import neither adapters nor clients', () => {
    const allowed = /^(?:node:fs|node:path|yaml|\.\/[^/]+|\.\.\/\.\.\/(?:config\/[^/]+|model\.ts))$/
    expect(
      offenders(
        ({ file, text }) =>
          file.startsWith('harness/environments/rules/') && importsOf(text).some((from) => !allowed.test(from)),
      ),
    ).toEqual([])
  })

  test('there is one polling loop and no fixed sleep', () => {
    const sleeps = /setTimeout\(|timers\/promises|sleep\(/
    expect(offenders(({ file, text }) => file !== 'harness/poll.ts' && sleeps.test(text))).toEqual([])
  })

  test('nothing of the bundled application is named', () => {
    expect(
      offenders(({ text }) => /tracker|manifest_|inspector\b/i.test(text.replace(/fixtures\/manifest-tracker/g, ''))),
    ).toEqual([])
  })
})
