/** What every kind of environment promises to the rest of the harness. Each kind's spec runs this suite. */
import { describe, expect, test } from 'vitest'
import { exec } from '../exec.ts'
import type { RunningEnvironment } from '../model.ts'
import { waitFor } from '../poll.ts'

/** One kind of environment, made testable. The services are `web` (answers HTTP, logs something) and `database`. */
export interface ContractSubject {
  up(): Promise<RunningEnvironment>
  /** Takes hold of an environment from its plain data alone. Left out where the kind lives in one process. */
  attach?(data: RunningEnvironment): RunningEnvironment
  /** The same with a `web` that exits with code 7 right after it has logged `no such setting`. */
  upWithBrokenWeb(): Promise<RunningEnvironment>
  /** Ends a service in the way a crash would. */
  kill(environment: RunningEnvironment, role: string): Promise<void>
  /** Names of all that is left on this machine of environments of this kind. */
  leftovers(): Promise<string[]>
  /** Seconds that a start may take before it has failed. */
  failsWithinSeconds: number
}

export function environmentContract(kind: string, subject: ContractSubject): void {
  describe(`${kind} keeps the contract of an environment`, () => {
    test('it answers, runs commands, logs, and leaves nothing behind', async () => {
      const before = await subject.leftovers()
      const environment = await subject.up()
      try {
        const { web, database } = environment.services
        if (!web || !database) throw new Error('the roles web and database are missing')

        expect(environment.readySeconds).toBeGreaterThanOrEqual(0)
        expect(new Date(environment.startedAt).getTime()).toBeLessThanOrEqual(Date.now())
        for (const [role, service] of Object.entries(environment.services)) {
          expect(service.role).toBe(role)
          expect(service.imageId).toMatch(/^sha256:[0-9a-f]{64}$/)
          expect(service.provenance).not.toBe('')
        }

        expect(web.baseUrl).toMatch(/^http:\/\/localhost:\d+$/)
        expect((await fetch(`${web.baseUrl}/`)).status).toBeLessThan(500)

        const echoed = await exec([...database.exec, 'cat'], { input: 'grüße' })
        expect(echoed.stdout).toBe('grüße')
        const failed = await exec([...web.exec, 'sh', '-c', 'echo no >&2; exit 9'], { accept: [9] })
        expect(failed).toMatchObject({ exitCode: 9, stderr: expect.stringContaining('no') })

        const logged = await exec(web.logs)
        expect(logged.stdout + logged.stderr).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z /m)
        const followed = exec([...web.logs, '--follow'], { timeoutSeconds: 2 })
        await expect(followed).rejects.toThrow('did not end within 2 s')

        // script(1) is a terminal where there is none.
        const atTerminal = ['script', '--quiet', '--return', '--command', `${web.shell.join(' ')} test -t 0`]
        expect((await exec([...atTerminal, '/dev/null'], { accept: 'any' })).exitCode).toBe(0)

        const described = await environment.describe()
        expect(described['events.log']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z web: /m)
        expect(Object.values(described).every((text) => text !== '')).toBe(true)

        expect(await environment.casualties()).toEqual([])
        if (subject.attach) {
          const again = subject.attach(JSON.parse(JSON.stringify(environment)))
          expect(again.services).toEqual(environment.services)
          expect(await again.casualties()).toEqual([])
        }
      } finally {
        await environment.down()
      }
      await environment.down()
      expect(await subject.leftovers()).toEqual(before)
    })

    test('a service that dies is a casualty with its exit code', async () => {
      const environment = await subject.up()
      try {
        await subject.kill(environment, 'web')
        const [casualty] = await waitFor({
          what: 'the casualty to be noticed',
          withinSeconds: 10,
          check: async () => {
            const casualties = await environment.casualties()
            return casualties.length > 0 ? casualties : undefined
          },
        })
        expect(casualty).toMatchObject({ role: 'web', message: expect.stringMatching(/137/) })
      } finally {
        await environment.down()
      }
    })

    test('a service that exits ends the start at once, with its exit code and last lines, and nothing stays', async () => {
      const before = await subject.leftovers()
      const start = performance.now()
      await expect(subject.upWithBrokenWeb()).rejects.toThrow(/web.*code 7.*no such setting/s)
      expect((performance.now() - start) / 1000).toBeLessThan(subject.failsWithinSeconds)
      expect(await subject.leftovers()).toEqual(before)
    })

    test('a service that is stopped ends within its grace, is no casualty, and answers again once it is started', async () => {
      await using subjectUp = await upFor(subject)
      const { environment } = subjectUp
      const { exitCode, seconds, graceSeconds } = await environment.stop('web')
      expect([0, null]).toContain(exitCode)
      expect(seconds).toBeLessThan(graceSeconds + 5)
      expect(await answers(environment)).toBe(false)
      expect(await environment.casualties()).toEqual([])
      await environment.start('web')
      expect(await answers(environment)).toBe(true)
      expect(await environment.casualties()).toEqual([])

      await environment.kill('web')
      await environment.start('web')
      expect(await answers(environment)).toBe(true)
      expect(await environment.instances('web')).toMatchObject([{ running: true }])
    })

    test('a service has as many replicas as are asked for, each with a way to look inside', async () => {
      await using subjectUp = await upFor(subject)
      const { environment } = subjectUp
      const two = await environment.scale('web', 2)
      expect(two).toHaveLength(2)
      for (const { exec: prefix } of two) expect((await exec([...prefix, 'echo', 'here'])).stdout).toBe('here')
      expect(await environment.scale('web', 1)).toHaveLength(1)
      await waitFor({
        what: 'the second one to be gone',
        withinSeconds: 60,
        check: async () => (await environment.instances('web')).length === 1 || undefined,
      })
      expect(await answers(environment)).toBe(true)
    })

    test('it can be deployed once more, installed again, and deployed with a changed value, which a rollback takes back', async () => {
      await using subjectUp = await upFor(subject)
      const { environment } = subjectUp
      const { web } = environment.services
      await environment.redeploy()
      expect(await answers(environment)).toBe(true)
      await environment.reinstall()
      expect(await answers(environment)).toBe(true)
      expect(environment.formerServices?.map(({ service }) => service)).toContainEqual(web)
      expect(await environment.casualties()).toEqual([])
      if (environment.impossible.upgrade) {
        expect(environment.impossible.rollback).toBeDefined()
        return
      }
      const level = async () => (await exec([...(environment.services.web?.exec ?? []), 'printenv', 'LEVEL'])).stdout
      const before = await level()
      await environment.upgrade()
      expect(await level()).toBe('changed')
      await environment.rollback()
      expect(await level()).toBe(before)
      expect(await answers(environment)).toBe(true)
    })

    test("the platform's own checks of every service pass", async () => {
      await using subjectUp = await upFor(subject)
      const { environment } = subjectUp
      const checks = await Promise.all(Object.keys(environment.services).map((role) => environment.checkHealth(role)))
      expect(checks.flat().filter(({ passes }) => !passes)).toEqual([])
    })

    test('two of them live side by side', async () => {
      const [one, two] = await Promise.all([subject.up(), subject.up()])
      try {
        expect(one.id).not.toBe(two.id)
        expect(one.services.web?.baseUrl).not.toBe(two.services.web?.baseUrl)
        await one.down()
        expect((await fetch(`${two.services.web?.baseUrl}/`)).status).toBeLessThan(500)
      } finally {
        await Promise.all([one.down(), two.down()])
      }
    })
  })
}

async function upFor(subject: ContractSubject) {
  const environment = await subject.up()
  return { environment, [Symbol.asyncDispose]: () => environment.down() }
}

/** False where nothing answers, also where the way there is gone. */
async function answers({ services }: RunningEnvironment): Promise<boolean> {
  const request = fetch(`${services.web?.baseUrl}/`, { signal: AbortSignal.timeout(3000) })
  return request.then(
    (response) => response.ok,
    () => false,
  )
}
