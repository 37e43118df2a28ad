import { expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { workplace } from './parity.ts'

test('parity doctor finds what runs need, and says what to do where something is missing', async () => {
  await using place = await workplace()
  const healthy = await place.parity(['doctor', '--json'])
  const diagnoses: { name: string; state: string }[] = JSON.parse(healthy.stdout)
  expect(diagnoses.filter(({ state }) => state === 'fail')).toEqual([])
  expect(diagnoses.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Docker Engine', 'docker compose', 'docker buildx', 'memory', 'disk', 'proxies']),
  )
  expect(healthy.exitCode).toBe(0)

  const without = await place.parity(['doctor'], {
    env: { DOCKER_HOST: 'tcp://127.0.0.1:1', HTTPS_PROXY: 'http://10.0.0.1' },
  })
  expect(without.stdout).toMatch(/✗ Docker Engine +none answers\n +→ start Docker/)
  expect(without.stdout).toMatch(/! proxies +HTTPS_PROXY.*\n +→ add localhost,127\.0\.0\.1 to NO_PROXY/)
  expect(without.exitCode).toBe(1)

  const elsewhere = await place.parity(['doctor'], { env: { DOCKER_HOST: 'tcp://docker.example:2376' } })
  expect(elsewhere.stdout).toMatch(
    /✗ engine’s machine +tcp:\/\/docker\.example:2376\n +→ use an engine of this machine/,
  )
})

test('parity completion gives bash the verbs, and the options of each', async () => {
  await using place = await workplace()
  const { stdout: script } = await place.parity(['completion', 'bash'])
  const complete = async (...words: string[]) => {
    const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _parity`
    return (await exec(['bash', '-c', `${script}\n${line}; echo "\${COMPREPLY[*]}"`])).stdout.split(' ')
  }
  expect(await complete('parity', 'che')).toEqual(['check'])
  expect(await complete('parity', 'logs', '--f')).toEqual(['--follow'])
  expect(await complete('parity', 'check', '--')).toEqual(expect.arrayContaining(['--only', '--events', '--json']))
  for (const shell of ['zsh', 'fish']) {
    const { stdout, exitCode } = await place.parity(['completion', shell])
    expect(stdout).toMatch(/repro[\s\S]*--?l? ?report/)
    expect(exitCode).toBe(0)
  }
})
