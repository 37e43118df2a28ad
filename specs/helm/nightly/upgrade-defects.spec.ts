/** Deployment bugs of classes 74 and 77: an installation shows nothing of them, the first upgrade does. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { interruption } from '../../../harness/cli/exit.ts'
import { scratchFolder } from '../../../harness/environments/scratch.ts'
import { changes, type Release, release, type Seen, variable } from './release.ts'

const application = join(import.meta.dirname, '../../../fixtures/manifest-tracker')
let scratch: Awaited<ReturnType<typeof scratchFolder>>
let tracker: Release
let installed: Seen

beforeAll(async () => {
  scratch = await scratchFolder()
  const copy = join(scratch.path, 'application')
  await cp(application, copy, { recursive: true, filter: (path) => basename(path) !== 'node_modules' })
  await edit('templates/_pod.tpl', /^checksum\/.*\n/gm, '')
  // In the selectors as well as in the labels of pods.
  await edit(
    'templates/_names.tpl',
    /^(app\.kubernetes\.io\/component: .*\n)/m,
    '$1version: {{ $root.Chart.Version | quote }}\n',
  )
  tracker = await release(copy, interruption())
  installed = await tracker.ask('installed', 'installed')
})
afterAll(async () => {
  await tracker?.remove()
  await scratch?.[Symbol.asyncDispose]()
})

test('77 pods keep their old environment, because nothing tells them that the configuration has changed', async () => {
  await tracker.upgrade({ 'config.logLevel': 'WARNING' })
  const upgraded = await tracker.ask('upgraded', 'installed')
  expect(variable(upgraded, 'web', 'TRACKER_LOG_LEVEL')).toBe('INFO')
  expect(changes(tracker.config, installed, upgraded)).toEqual([])
})

test('74 the next version of the chart cannot be installed over this one, because its selectors carry the version', async () => {
  await edit('Chart.yaml', /^version: .*$/m, 'version: 99.0.0')
  await expect(tracker.upgrade()).rejects.toThrow(/selector.*field is immutable/s)
})

async function edit(file: string, pattern: RegExp, replacement: string): Promise<void> {
  const path = join(scratch.path, 'application/infra/chart', file)
  const text = await readFile(path, 'utf8')
  expect(text).toMatch(pattern)
  await writeFile(path, text.replace(pattern, replacement))
}
