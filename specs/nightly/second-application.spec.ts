/**
 * An application of another shape than the bundled one: Flask and RQ, roles of other names, one Dockerfile for all of
 * them, a compose file with profiles, env_file and extends, a chart of subcharts. What `init` writes is not touched.
 */
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Result } from '../../harness/model.ts'
import { inEngine, readReport, workplace } from '../cli/parity.ts'

test('init describes an application that it has never seen, and check runs on what it wrote', async () => {
  await using place = await workplace()
  const project = join(place.folder, 'bookshelf')
  await cp(join(import.meta.dirname, 'bookshelf'), project, { recursive: true })

  const written = await place.parity(['init', project])
  expect(written.exitCode, written.stderr).toBe(0)
  expect(written.stdout).not.toMatch(/corrected by hand/)
  const text = await readFile(join(project, 'parity.yaml'), 'utf8')
  expect(text).toMatch(/# Guess/)
  expect(parse(text).environments).toMatchObject({
    // The tool behind the other profile, whose image nobody has, is left out.
    development: { profiles: ['background'], services: { web: 'site', worker: 'jobs', cache: 'queue' } },
    production: {
      images: { app: { context: '.', target: 'live' } },
      services: {
        web: { port: 5000, env: { SHELF_TITLE: 'Two books & a half' } },
        worker: { command: expect.arrayContaining(['rq', 'worker']) },
        cache: { redis: { image: 'redis:8-trixie' } },
      },
    },
    helm: {
      charts: [
        { set: { 'site.image.repository': '${images.app.repository}', 'site.image.pullPolicy': 'IfNotPresent' } },
      ],
      services: { web: { workload: 'deployment/bookshelf-site', port: 80 } },
    },
  })

  const again = await place.parity(['init', project])
  expect(again.exitCode).toBe(2)
  expect(again.stderr).toMatch(/is there already; --force replaces it/)

  const checked = await place.parity(['check', project, '--output', place.output])
  expect([0, 1], checked.stdout + checked.stderr).toContain(checked.exitCode)
  const report = await readReport(place.output)
  expect(report.environments.map(({ name }) => name).sort()).toEqual(['development', 'helm', 'production'])
  const answers = (environment: string) => report.results.find((result) => isHttp(result, environment))?.verdict
  expect(answers('helm')).toBe('same')
  expect(['same', 'different']).toContain(answers('development'))
  expect(await inEngine('bookshelf')).toEqual([])
})

function isHttp({ probe, environment }: Result, wanted: string): boolean {
  return probe === 'http' && environment === wanted
}
