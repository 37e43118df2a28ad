/** The package in an empty project. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inEngine } from '../cli/parity.ts'
import { root } from '../unit/documents.ts'
import { packedProject } from './packed.ts'

let project: Awaited<ReturnType<typeof packedProject>>
const parity = (...args: string[]) => project.run(['npx', '--no-install', 'parity', ...args])

beforeAll(async () => {
  project = await packedProject()
})
afterAll(() => project[Symbol.asyncDispose]())

test('it asks for no install script of its own', async () => {
  const { scripts = {} } = JSON.parse(
    await readFile(join(project.folder, 'node_modules/parity-harness/package.json'), 'utf8'),
  )
  expect(Object.keys(scripts).filter((name) => /install$|^prepare$/.test(name))).toEqual([])
})

/** In the words of somebody who uses it; a wrong one must not compile. */
const program = `import { check, loadConfig, type Report } from 'parity-harness'
const report: Report = await check(await loadConfig('.'))
export const verdict: 'same' | 'accepted' | 'unknown' | 'different' = report.verdict
// @ts-expect-error there is no such verdict
export const none: 'nonsense' = report.verdict
`

test('its types are there', async () => {
  await writeFile(join(project.folder, 'types.ts'), program)
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024']
  const { exitCode, stdout } = await project.run(['tsc', ...options, '--types', '', 'types.ts'])
  expect(exitCode, stdout).toBe(0)
})

test('parity init && parity check: it starts, asks and judges', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  expect((await parity('--version')).stdout).toBe(version)

  const init = await parity('init')
  expect(init.exitCode, init.stderr).toBe(0)
  const written = await readFile(join(project.folder, 'parity.yaml'), 'utf8')
  expect(written).toContain('$schema=./node_modules/parity-harness/schema/parity.schema.json')
  expect((await parity('config')).stdout).toMatch(
    /is valid\n +environments: development \(compose\), production \(containers\), helm \(kind\); reference: production/,
  )

  const check = await parity('check')
  expect(check.exitCode, check.stdout + check.stderr).toBe(0)
  expect(check.stdout).toMatch(/Verdict: same/)
  expect(JSON.parse(await readFile(join(project.folder, '.parity/report.json'), 'utf8')).verdict).toBe('same')
  expect(await inEngine('parity-packed')).toEqual([])
})
