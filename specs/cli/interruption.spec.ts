import { describe, expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { waitFor } from '../../harness/poll.ts'
import { type RunOptions, stackTrace, workplace } from './parity.ts'

type Kill = Parameters<NonNullable<RunOptions['onLine']>>[1]

/** Does something once, at the first line that matches. */
function at(moment: RegExp, action: (kill: Kill) => void): NonNullable<RunOptions['onLine']> {
  let done = false
  return (line, kill) => {
    if (done || !moment.test(line)) return
    done = true
    action(kill)
  }
}

/** Does something as soon as a command prints something. */
function when(what: string, command: string[], action: (kill: Kill) => void) {
  return at(/./, async (kill) => {
    const check = async () => (await exec(command, { accept: [1] })).stdout !== '' || undefined
    await waitFor({ what, withinSeconds: 60, everySeconds: 0.05, check })
    action(kill)
  })
}

/** Work that nobody wants to wait for. */
const FOR_EVER_SECONDS = '2719'
const buildingForEver = { TINY_BUILD_SECONDS: FOR_EVER_SECONDS }
const workingForEver = { TINY_WORK_SECONDS: FOR_EVER_SECONDS }
const building = ['pgrep', '--full', `^sleep ${FOR_EVER_SECONDS}$`]
const composeContainer = ['docker', 'ps', '--all', '--quiet', '--filter', 'name=^parity-tiny-development-']
const containersNetwork = ['docker', 'network', 'ls', '--quiet', '--filter', 'name=^parity-tiny-production-']

describe('Ctrl-C leaves nothing behind, says so, and exits with 130', () => {
  const interrupt = (kill: Kill) => kill('SIGINT')

  test.each<[string, RunOptions]>([
    ['before anything has started', { onLine: at(/./, interrupt) }],
    ['while an image is built', { env: buildingForEver, onLine: when('the build to be at work', building, interrupt) }],
    ['with the first container of compose', { onLine: when('a container', composeContainer, interrupt) }],
    [
      'with the network that the containers are to stand on',
      { onLine: when('the network', containersNetwork, interrupt) },
    ],
    [
      'while services start, from a terminal',
      { onLine: when('the network', containersNetwork, (kill) => kill('SIGINT', 'with children')) },
    ],
    ['when all are ready', { onLine: at(/ready in/, interrupt) }],
    ['while probes run', { env: workingForEver, onLine: at(/answered/, interrupt) }],
    [
      'while probes run, as a request to end',
      { env: workingForEver, onLine: at(/answered/, (kill) => kill('SIGTERM')) },
    ],
    [
      'twice at once',
      {
        env: workingForEver,
        onLine: at(/answered/, (kill) => {
          kill('SIGINT')
          kill('SIGINT')
        }),
      },
    ],
    [
      'again while it is removing',
      {
        env: workingForEver,
        onLine: (line, kill) => {
          if (/http answered|removing what was started/.test(line)) kill('SIGINT', 'with children')
        },
      },
    ],
  ])('%s', async (_, options) => {
    await using place = await workplace()
    const { exitCode, stdout, stderr } = await place.check([], options)
    expect(await place.leftovers()).toEqual([])
    expect(stderr).toMatch(/^interrupted; everything that was started has been removed$/m)
    expect(stderr).not.toMatch(stackTrace)
    expect(stdout).toBe('')
    expect(exitCode).toBe(130)
    expect((await exec(building, { accept: [1] })).stdout).toBe('')
  })
})

test.each([
  ['while services start', when('a container', composeContainer, (kill) => kill('SIGKILL', 'with children'))],
  ['while probes run', at(/answered/, (kill) => kill('SIGKILL'))],
])('what a run leaves that is killed %s, the next run removes', async (_, onLine) => {
  await using place = await workplace()
  await expect(place.check([], { env: workingForEver, onLine })).rejects.toThrow('was ended by SIGKILL')
  expect(await place.leftovers()).not.toEqual([])
  const { exitCode, stderr } = await place.check(['--only', 'http'])
  expect(stderr).toMatch(/sweep +removed \d+ remains of runs that have died/)
  expect(exitCode).toBe(0)
  expect(await place.leftovers()).toEqual([])
})
