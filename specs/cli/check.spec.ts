import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { report as reportSchema } from '../../harness/report/schema.ts'
import { password, readReport, stackTrace, tiny, workplace } from './parity.ts'

/** Every file of a folder as one text. */
async function written(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n')
}

describe('parity check', () => {
  test('environments that behave the same: exit 0, the reports, no secret, nothing left', async () => {
    await using place = await workplace()
    const { exitCode, stdout, stderr } = await place.check()
    expect(exitCode, stdout + stderr).toBe(0)

    const report = await readReport(place.output)
    expect(report.verdict).toBe('same')
    expect(report.environments.map(({ name }) => name).sort()).toEqual(['development', 'production'])
    expect(report.results.map(({ probe }) => probe).sort()).toEqual([
      'data',
      'health',
      'http',
      'journey/work',
      'process',
    ])
    expect((await readdir(place.output)).sort()).toEqual(['report.html', 'report.json', 'report.md'])

    expect(stdout).toMatch(/Verdict: same/)
    expect(stdout).not.toMatch(/ready in [\d.]+ s$|answered/m)
    expect(stderr).toMatch(/production +ready in [\d.]+ s$/m)
    expect(stderr).toMatch(/development +http answered/)
    expect(stderr).not.toMatch(/Verdict/)

    const all = [stdout, stderr, await written(place.output)].join('\n')
    expect(all).toContain('hello from the holder of secret:')
    expect(all).not.toContain(password)
    expect(await place.leftovers()).toEqual([])
  })

  test('--json prints report.json and nothing else on standard output', async () => {
    await using place = await workplace()
    const { exitCode, stdout, stderr } = await place.check(['--json', '--only', 'http'])
    expect(reportSchema.parse(JSON.parse(stdout))).toEqual(await readReport(place.output))
    expect(stderr).toMatch(/http answered/)
    expect(exitCode).toBe(0)
  })

  test('what starts for long and has no health check is asked nothing before it answers', async () => {
    await using place = await workplace()
    const { exitCode, stdout } = await place.check(['--only', 'http'], { env: { TINY_START_SECONDS: '6' } })
    expect(exitCode, stdout).toBe(0)
  })

  test('environments that differ: exit 1, the place and both values', async () => {
    await using place = await workplace()
    const { exitCode, stdout } = await place.check(['--only', 'http'], { env: { TINY_GREETING: 'goodbye' } })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/http in development\n +✗ \/home\/body.*\n +production: .*hello.*\n +development: .*goodbye/)
    const { verdict, findings, recording } = await readReport(place.output)
    expect(verdict).toBe('different')
    expect(recording.timelines?.development?.map(({ text }) => text)).toContain('http')

    const [finding] = findings
    const evidence = join(place.output, 'evidence')
    expect((await readdir(evidence)).sort()).toEqual([finding?.id, 'environments'])
    expect(await readFile(join(evidence, `${finding?.id}/answers.json`), 'utf8')).toMatch(/hello[\s\S]*goodbye/)
    const looked = ['compose.yaml', 'events.log', 'inspect/web.json', 'logs/web.log', 'logs/cache.log']
    for (const file of looked)
      expect(await readFile(join(evidence, 'environments/development', file), 'utf8')).not.toBe('')
    expect(await readdir(place.output)).toContain('evidence.tar.gz')
    expect(await written(place.output)).not.toContain(password)
    expect(await place.leftovers()).toEqual([])
  })
})

describe('a service that exits while it starts: exit 3, which one, with which code and last lines, nothing left', () => {
  const dead = (environment: string) =>
    new RegExp(
      `^${environment} could not be started: web exited with code 7\\n  \\| opening the store with password secret:\\w+\\n  \\| no such setting$`,
      'm',
    )

  test('under compose', async () => {
    await using place = await workplace()
    await place.check(['--only', 'http'])
    const { exitCode, stdout, stderr } = await place.check([], { env: { TINY_EXIT_CODE: '7' } })
    expect(stderr).toMatch(dead('development'))
    expect(stdout + stderr).not.toContain(password)
    expect(stderr).not.toMatch(stackTrace)
    expect(stdout).toBe('')
    expect(exitCode).toBe(3)
    // Nothing is left of the run before it, which was a good one.
    const { verdict, results, recording } = await readReport(place.output)
    expect({ verdict, results }).toEqual({ verdict: 'unknown', results: [] })
    expect(recording.failures).toMatchObject([{ environment: 'development', message: expect.stringMatching(/code 7/) }])
    const evidence = join(place.output, 'evidence/environments/development')
    expect(await readFile(join(evidence, 'logs/web.log'), 'utf8')).toMatch(/no such setting/)
    expect(await readFile(join(evidence, 'inspect/web.json'), 'utf8')).toMatch(/"ExitCode": 7/)
    expect(await written(place.output)).not.toContain(password)
    expect(await place.leftovers()).toEqual([])
  })

  test('among containers', async () => {
    await using place = await workplace()
    const project = join(place.folder, 'tiny')
    await cp(tiny, project, { recursive: true })
    const file = join(project, 'parity.yaml')
    const settings = await readFile(file, 'utf8')
    await writeFile(file, settings.replace('TINY_EXIT_CODE: "0"', 'TINY_EXIT_CODE: "7"'))
    const { exitCode, stdout, stderr } = await place.parity(['check', project, '--output', place.output])
    expect(stderr).toMatch(dead('production'))
    expect(stdout + stderr).not.toContain(password)
    expect(stderr).not.toMatch(stackTrace)
    expect(exitCode).toBe(3)
    expect(await place.leftovers()).toEqual([])
  })
})
