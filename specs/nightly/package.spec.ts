/** What `npm pack` gives, in an empty project outside this repository. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { inEngine } from '../cli/parity.ts'

const root = join(import.meta.dirname, '../..')
let folder: string
const parity = (...args: string[]) => exec(['npx', '--no-install', 'parity', ...args], { cwd: folder, accept: 'any' })

beforeAll(async () => {
  // Its name is the project's name.
  folder = await mkdtemp(join(tmpdir(), 'parity-packed-'))
  const { stdout } = await exec(['npm', 'pack', '--silent', '--pack-destination', folder], { cwd: root })
  await cp(join(import.meta.dirname, 'packed'), folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'packed', private: true, type: 'module' }))
  await exec(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${stdout.trim()}`], { cwd: folder })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('it asks for no install script of its own', async () => {
  const { scripts = {} } = JSON.parse(await readFile(join(folder, 'node_modules/parity-harness/package.json'), 'utf8'))
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
  await writeFile(join(folder, 'types.ts'), program)
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024']
  const { exitCode, stdout } = await exec(['tsc', ...options, '--types', '', 'types.ts'], {
    cwd: folder,
    accept: 'any',
  })
  expect(exitCode, stdout).toBe(0)
})

test('parity init && parity check: it starts, asks and judges', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  expect((await parity('--version')).stdout).toBe(version)

  const init = await parity('init')
  expect(init.exitCode, init.stderr).toBe(0)
  const written = await readFile(join(folder, 'parity.yaml'), 'utf8')
  expect(written).toContain('$schema=./node_modules/parity-harness/schema/parity.schema.json')
  expect((await parity('config')).stdout).toMatch(/is valid\n +environments: development \(compose\), production/)

  const check = await parity('check')
  expect(check.exitCode, check.stdout + check.stderr).toBe(0)
  expect(check.stdout).toMatch(/Verdict: same/)
  expect(JSON.parse(await readFile(join(folder, '.parity/report.json'), 'utf8')).verdict).toBe('same')
  expect(await inEngine('parity-packed')).toEqual([])
})
