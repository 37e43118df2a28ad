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

/** Each completes what is typed after `parity`, as the Tab key does. @returns the words it offers */
const SHELLS: Record<string, (script: string, typed: string) => Promise<string[]>> = {
  bash: async (script, typed) => {
    const words = ['parity', ...typed.split(' ')]
    const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _parity`
    return (await exec(['bash', '-c', `${script}\n${line}; echo "\${COMPREPLY[*]}"`])).stdout.trim().split(' ')
  },
  fish: async (script, typed) => {
    const { stdout } = await exec(['fish', '--no-config', '-c', `${script}\ncomplete -C 'parity ${typed}'`])
    return stdout.split('\n').flatMap((line) => line.split('\t')[0] || [])
  },
  // Its completion runs in its line editor alone, so one is run in a pseudo-terminal.
  zsh: async (script, typed) => {
    const start = `autoload -Uz compinit; compinit -u -D; eval "$SCRIPT"; parity() echo ty""ped "$@" en""d`
    const lines = [
      'zmodload zsh/zpty; zpty shell "TERM=vt100 zsh -f -i"',
      `zpty -w shell '${start}'`,
      `zpty -w -n shell 'parity ${typed}'$'\\t\\r'`,
      "zpty -r shell output '*typed * end*'; echo $output",
    ]
    const { stdout } = await exec(['zsh', '-f', '-c', lines.join('\n')], { env: { SCRIPT: script } })
    return /typed (.*) end/.exec(stdout)?.[1]?.split(' ').slice(-1) ?? []
  },
}

for (const [shell, complete] of Object.entries(SHELLS)) {
  const here = await exec([shell, '-c', 'true']).catch(() => undefined)
  test.skipIf(!here)(`parity completion gives ${shell} the verbs, and the options of each`, async () => {
    await using place = await workplace()
    const { stdout: script } = await place.parity(['completion', shell])
    expect(await complete(script, 'che')).toEqual(['check'])
    expect(await complete(script, 'logs --f')).toEqual(['--follow'])
    expect(await complete(script, 'repro F-1 --re')).toEqual(['--report'])
  })
}

test('parity completion knows every verb and option, for each shell', async () => {
  await using place = await workplace()
  const { stdout: script } = await place.parity(['completion', 'bash'])
  expect(await SHELLS.bash?.(script, 'check --')).toEqual(expect.arrayContaining(['--only', '--events', '--json']))
  for (const shell of ['zsh', 'fish']) {
    const { stdout, exitCode } = await place.parity(['completion', shell])
    expect(stdout).toMatch(/repro[\s\S]*--?l? ?report/)
    expect(exitCode).toBe(0)
  }
})
