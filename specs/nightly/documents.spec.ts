/**
 * What the documents say to type, typed in a small project that has the package: each command in its turn.
 * `specs/unit/docs.spec.ts` holds in seconds that every command is one.
 */
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { keptCluster } from '../../harness/environments/kind-cluster.ts'
import type { Report } from '../../harness/model.ts'
import { inEngine } from '../cli/parity.ts'
import { blocks, commandsOf, pages, root } from '../unit/documents.ts'
import { packedProject } from './packed.ts'

/** The others are for a project that is described. */
const first = 'docs/test-your-own-project.md'
const others = pages.filter((page) => page.startsWith('docs/') && page !== first)

let project: Awaited<ReturnType<typeof packedProject>>
const at = (path: string) => join(project.folder, path)
const report = async (): Promise<Report> => JSON.parse(await readFile(at('.parity/report.json'), 'utf8'))

/** As typed, with the id of a finding that is there. @returns what it printed */
async function type(command: string, cwd = project.folder): Promise<string> {
  const id = /F-\w+/.test(command) ? (await report()).findings[0]?.id : undefined
  const line = id ? command.replace(/F-\w+/, id) : command
  const { exitCode, stdout, stderr } = await project.run(['bash', '-c', line], { cwd })
  // 1: something differs, as it is to.
  const judges = /^(npx parity|npm run parity --) (check|judge|diff)|^npx vitest/.test(line)
  expect(judges ? [0, 1] : [0], `${line}\n${stdout}\n${stderr}`).toContain(exitCode)
  return stdout
}

beforeAll(async () => {
  project = await packedProject()
  const values = await readFile(at('chart/values.yaml'), 'utf8')
  await writeFile(at('chart/values.yaml'), values.replace('greeting: hello', 'greeting: good day'))
})
afterAll(async () => {
  await project.run(['npx', 'parity', 'down'])
  await project[Symbol.asyncDispose]()
})

test(`${first}: its commands`, async () => {
  for (const command of commandsOf(first)) {
    const stdout = await type(command)
    if (command !== 'npx parity check') continue
    expect(stdout).toMatch(/Verdict: different/)
    await copyFile(at('.parity/report.json'), at('first.json'))
    await copyFile(at('parity.yaml'), at('first.yaml'))
  }
})

/** The kept kind cluster as the existing one. */
async function describeStaging() {
  const written = parseDocument(await readFile(at('parity.yaml'), 'utf8'))
  const helm = written.toJS().environments.helm
  written.setIn(['environments', 'staging'], { ...helm, kind: 'cluster', ...keptCluster })
  await writeFile(at('parity.yaml'), written.toString())
}

test.each(others)('%s: its commands', async (page) => {
  await rm(at('parity.accepted.yaml'), { force: true })
  await copyFile(at('first.json'), at('.parity/report.json'))
  await copyFile(at('first.yaml'), at('parity.yaml'))
  if (page === 'docs/existing-cluster.md') await describeStaging()
  for (const [index, block] of blocks(page, 'ts').entries()) {
    const [, name = `own-${index}.spec.ts`] = /^\/\/ (\S+\.ts)$/m.exec(block) ?? []
    await writeFile(at(name), block)
  }
  for (const command of commandsOf(page)) await type(command)
})

test('README.md: its commands for a project of somebody else', async () => {
  const commands = commandsOf('README.md').filter((command) => command.startsWith('npm run parity'))
  expect(commands).not.toEqual([])
  for (const command of commands) await type(command.replace('path/to/project', project.folder), root)
})

/** The suites that last from half an hour to hours, each with as little as it takes. */
const short: Record<string, string> = {
  'npm test': 'npm test -- --project unit',
  'npm run test:defects': 'npm run test:defects -- --only equivalent-1',
  'npm run test:defects -- --environments development,production':
    'npm run test:defects -- --environments development,production --only 56',
  'npm run test:faults': 'npm run test:faults -- -t "after 48 %"',
  'npm run test:healthy': 'HEALTHY_RUNS=1 npm run test:healthy',
}

test('README.md: npm start, and each suite', async () => {
  const commands = commandsOf('README.md').filter((command) => !command.startsWith('npm run parity'))
  expect(commands).toEqual(expect.arrayContaining(['npm start', ...Object.keys(short)]))
  for (const command of commands) await type(short[command] ?? command, root)
}, 1800_000)

test('nothing is left of them', async () => {
  await project.run(['npx', 'parity', 'down'])
  expect(await inEngine('packed')).toEqual([])
})
