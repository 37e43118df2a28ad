import { expect, test } from 'vitest'
import { CommandError, exec } from '../../harness/exec.ts'

test('a failure names the command, its exit code and its last lines', async () => {
  await expect(exec(['sh', '-c', 'echo first; echo last >&2; exit 3'])).rejects.toThrow(
    /^sh -c .* exited with code 3\n {2}\| first\n {2}\| last$/s,
  )
})

test('a long command stands below what was found', async () => {
  const script = `exit 3 # ${'and so on '.repeat(20)}end`
  await expect(exec(['/bin/sh', '-c', script])).rejects.toThrow(
    /^sh -c exit 3 # [^\n]{20,60} … exited with code 3\n {2}in full: \/bin\/sh -c .*end$/,
  )
})

test('a program that is not there is a failure, not a crash', async () => {
  await expect(exec(['no-such-program'])).rejects.toThrow(CommandError)
})

test('a command that takes too long is ended', async () => {
  await expect(exec(['sleep', '30'], { timeoutSeconds: 0.2 })).rejects.toThrow(/did not end within 0.2 s/)
})

test('an abort ends it with the reason of the abort', async () => {
  const controller = new AbortController()
  const running = exec(['sleep', '30'], { signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
})

test('its lines are passed on as they come', async () => {
  const lines: string[] = []
  await exec(['sh', '-c', 'echo one; echo two >&2'], { onLine: (line) => lines.push(line) })
  expect(lines.sort()).toEqual(['one', 'two'])
})

test('a program that was killed is told by the signal', async () => {
  const killed = exec(['sleep', '30'], { onStart: (pid) => process.kill(pid, 'SIGKILL') })
  await expect(killed).rejects.toThrow('was ended by SIGKILL')
})

test('an exit code that is an answer is given back', async () => {
  expect(await exec(['sh', '-c', 'exit 4'], { accept: [4] })).toMatchObject({ exitCode: 4 })
})
