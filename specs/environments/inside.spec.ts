import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'
import type { Json, Service } from '../../harness/model.ts'
import { inService } from '../../harness/probes/inside.ts'
import { askInterpreter } from '../../harness/probes/interpreter.ts'
import { inOneRound } from '../../harness/probes/round.ts'

const PROCESSES = new URL('../../harness/probes/inside/processes.py', import.meta.url)
const SAY = 'become_main_process(); print(os.environ["COMPUTED"], os.getuid(), "/srv" in sys.path)'
/** As an entrypoint does: it computes a variable, steps down from root, and hands over. */
const ENTRYPOINT = 'export COMPUTED="two words"; cd /srv; setpriv --reuid=1234 --clear-groups python -c "input()"; true'
const RUN = ['docker', 'run', '--detach', '--interactive', '--rm', '--network', 'none']
/** Beside the scripts of the harness. */
const APPLICATION = '../../../specs/environments/application'
const { signal } = new AbortController()

test('a script inside a service is the user and has the variables of its main process', async () => {
  const { stdout: id } = await exec([...RUN, 'python:3.13-slim-trixie', 'sh', '-c', ENTRYPOINT])
  try {
    const input = `${await readFile(PROCESSES, 'utf8')}\n${SAY}`
    const inside = async () => (await exec(['docker', 'exec', '-i', id, 'python', '-'], { input })).stdout
    // The entrypoint takes a moment to hand over.
    await expect.poll(inside, { timeout: 10_000 }).toBe('two words 1234 True')
  } finally {
    await exec(['docker', 'rm', '--force', id])
  }
})

describe('during a round', () => {
  let id: string
  let service: Service

  beforeAll(async () => {
    const begin = [...RUN, '--read-only', 'python:3.13-slim-trixie', 'python', '-c', 'input()']
    id = (await exec(begin)).stdout
    service = { role: 'web', exec: ['docker', 'exec', '-i', id] } as Service
  })
  afterAll(() => exec(['docker', 'rm', '--force', id]))

  const processes = async () => (await exec(['docker', 'top', id, '-o', 'pid,args'])).stdout.split('\n').slice(1)

  test('commands share a shell, also when they are asked at once, and it ends with the round', async () => {
    await inOneRound(signal, async (own) => {
      const asked = () => inService(service, ['python', '-c', 'import os; print(os.getppid())'], own)
      const answers = [...(await Promise.all([asked(), asked()])), await asked()]
      const parents = answers.map(({ stdout }) => stdout)
      expect(new Set(parents).size).toBe(1)
      expect(await processes()).toHaveLength(2)
    })
    expect(await processes()).toHaveLength(1)
  })

  test.each([
    ['arguments as they are', ['printf', '%s|', `it's`, 'two\nlines', '$HOME `id` "\\', '', 'Übergabe'], ''],
    ['input as it is', ['cat'], `no 'end' of line,\n$HOME, \\, ü`],
    ['a long input', ['wc', '-c'], 'x'.repeat(300_000)],
    ['input that nobody reads', ['echo', 'done'], 'x'.repeat(300_000)],
    ['no output', ['true'], ''],
    ['output without an end of line, and with two', ['sh', '-c', 'printf "a\\n\\n"; printf b >&2'], ''],
  ])('a command gets and answers the same as by itself: %s', async (_, command, input) => {
    const alone = await inService(service, command, signal, { input })
    expect(await inOneRound(signal, (own) => inService(service, command, own, { input }))).toEqual(alone)
  })

  test.each([
    ['it fails', ['sh', '-c', 'echo why >&2; exit 3']],
    ['its program is not there', ['no-such-program', 'argument']],
    ['a signal ends it', ['sh', '-c', 'kill -9 $$']],
  ])('a command fails as it does by itself: %s', async (_, command) => {
    const failureOf = (asked: Promise<unknown>) =>
      asked.then(
        () => 'it did not fail',
        ({ message }: Error) => message,
      )
    const alone = await failureOf(inService(service, command, signal))
    expect(await failureOf(inOneRound(signal, (own) => inService(service, command, own)))).toBe(alone)
    expect(alone).toContain('exited with code')
  })

  test('where the shell has ended meanwhile there is another one', async () => {
    await inOneRound(signal, async (own) => {
      const killed = inService(service, ['sh', '-c', 'kill -9 $PPID'], own)
      await expect(killed).rejects.toThrow('sh exited with code 137')
      const shell = (await inService(service, ['sh', '-c', 'echo $PPID'], own)).stdout
      const kill = ['docker', 'exec', id, 'sh', '-c', `kill -9 ${shell}`]
      await expect.poll(async () => (await exec(kill, { accept: 'any' })).exitCode).not.toBe(0)
      expect((await inService(service, ['echo', 'next'], own)).stdout).toBe('next')
    })
  })

  test('where there is no shell commands run without one', async () => {
    const bare = { ...service, exec: ['docker', 'exec', '-i', '--env', 'PATH=/nowhere', id] }
    const command = ['/usr/local/bin/python3.13', '-c', 'print(1)']
    expect((await inOneRound(signal, (own) => inService(bare, command, own))).stdout).toBe('1')
  })

  const IMPORTED = { python: ['python'], scripts: [`${APPLICATION}/import.py`], argument: { name: 'ü' } }
  const questionFor = (request: Json) => ({ scripts: [`${APPLICATION}/question.py`], request, timeoutSeconds: 20 })

  test('an application is imported once, and a question knows nothing of the one before', async () => {
    await inOneRound(signal, async (own) => {
      const ask = (request: Json) => askInterpreter(service, IMPORTED, questionFor(request), own)
      const first = await ask('state')
      expect(first).toEqual({ imported: expect.any(Number), forked: true, asked: 1, argument: { name: 'ü' } })
      await expect(ask('failure')).rejects.toThrow(/^python exited with code 1: .*ValueError: Übergabe$/s)
      await expect(ask('death')).rejects.toThrow('python exited with code 137')
      expect(await ask('state')).toEqual(first)
    })
    expect(await processes()).toHaveLength(1)
  })

  test('an application that cannot be imported is told, each time it is asked', async () => {
    const broken = { ...IMPORTED, python: ['python', '-S', '-c', 'import no_such_application'] }
    await inOneRound(signal, async (own) => {
      for (let count = 0; count < 2; count++) {
        const asked = askInterpreter(service, broken, questionFor('state'), own)
        await expect(asked).rejects.toThrow(/^python exited with code 1: .*no_such_application/s)
      }
    })
  })

  test('a round ends although a service stands still', async () => {
    await inOneRound(signal, async (own) => {
      await inService(service, ['true'], own)
      await exec(['docker', 'pause', id])
    })
    await exec(['docker', 'unpause', id])
    await expect.poll(processes, { timeout: 10_000 }).toHaveLength(1)
  })

  // Last, as what is waited for no longer goes on.
  test('a command that takes too long is told, and the next one runs', async () => {
    await inOneRound(signal, async (own) => {
      const slow = inService(service, ['sleep', '20'], own, { timeoutSeconds: 1 })
      await expect(slow).rejects.toThrow('sleep did not end in time')
      expect((await inService(service, ['echo', 'next'], own)).stdout).toBe('next')
    })
  })
})
