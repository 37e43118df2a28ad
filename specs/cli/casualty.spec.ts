import { expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { containerOf, readReport, stackTrace, workplace } from './parity.ts'

test.each([
  { service: 'cache', image: /^redis/, environment: 'development', verb: 'kill', code: 137 },
  { service: 'cache', image: /^redis/, environment: 'production', verb: 'stop', code: 0 },
  { service: 'web', image: /^(?!redis)/, environment: 'production', verb: 'kill', code: 137 },
])('docker $verb of $service in $environment under a run: unknown, and the reason names it', async (casualty) => {
  const { service, image, environment, verb, code } = casualty
  await using place = await workplace()
  let ending: Promise<unknown> | undefined
  const { exitCode, stdout, stderr } = await place.check([], {
    // The journey still waits when the service goes.
    env: { TINY_WORK_SECONDS: '8' },
    onLine: (line) => {
      if (/answered/.test(line)) ending ??= containerOf(environment, image).then((id) => exec(['docker', verb, id]))
    },
  })
  await ending
  expect(stdout).toMatch(
    new RegExp(`in ${environment}, ${service} exited with code ${code}$`.replaceAll(' ', '\\s+'), 'm'),
  )
  // Its last words stand there once.
  expect(stdout.match(new RegExp(`^ +${service} exited with code ${code}\n +\\| `, 'gm'))).toHaveLength(1)
  expect(stdout + stderr).not.toMatch(stackTrace)
  expect(exitCode).toBe(1)

  const { verdict, results, recording } = await readReport(place.output)
  expect(verdict).toBe('unknown')
  expect(results.map(({ verdict }) => verdict)).not.toContain('same')
  expect(recording.casualties).toMatchObject([{ role: service, environment }])
  expect(await place.leftovers()).toEqual([])
})
