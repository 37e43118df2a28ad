import { cp, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { containerOf, main, stackTrace, tiny, workplace } from './parity.ts'

// Many commands one after the other.
vi.setConfig({ testTimeout: 300_000 })

/** With a project that may be written to, and the verbs given to it. */
async function projectPlace() {
  const place = await workplace()
  const project = join(place.folder, 'tiny')
  await cp(tiny, project, { recursive: true, filter: (path) => !path.includes('.parity') })
  return Object.assign(place, { project, at: ['--project', project] })
}

test('an environment is left up, looked into by later commands, and taken down', async () => {
  await using place = await projectPlace()
  const { project, at, parity } = place
  const up = await parity(['up', 'production', project])
  try {
    expect(up.exitCode, up.stderr).toBe(0)
    const [, url] = /^ +web +(http:\/\/localhost:\d+) /m.exec(up.stdout) ?? []
    expect(await (await fetch(url as string)).text()).toMatch(/^hello/)

    // Only its owner may read how to get inside.
    const written = join(project, '.parity/environments/production.json')
    expect((await stat(written)).mode & 0o777).toBe(0o600)

    const inside = await parity(['shell', 'production', 'web', ...at, '--', 'sh', '-c', 'echo $TINY_GREETING; exit 9'])
    expect(inside).toMatchObject({ stdout: 'hello', exitCode: 9 })
    const piped = await exec([process.execPath, main, 'shell', 'production', 'web', ...at], { input: 'pwd' })
    expect(piped.stdout).toBe('/')

    expect((await parity(['open', 'production', 'web', ...at])).stdout).toBe(url)

    const logs = (await parity(['logs', 'production', ...at, '--json'])).stdout
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(new Set(logs.map(({ role }) => role))).toEqual(new Set(['cache', 'web']))
    expect(logs.map(({ time }) => time)).toEqual(logs.map(({ time }) => time).toSorted())
    expect((await parity(['logs', 'production', ...at, '--since', '2000-01-01T00:00:00Z'])).stdout).toMatch(
      /^web {3}\| opening the store/m,
    )
    expect((await parity(['logs', 'production', 'web', ...at, '--since', '2100-01-01'])).stdout).toBe('')

    let seen = ''
    const following = await parity(['logs', 'production', 'web', ...at, '--follow'], {
      onLine: (line, kill) => {
        if (/nginx\//.test(line)) void fetch(`${url}/what-was-asked-while-following`)
        // nginx logs it twice; a second signal could come while the program is on its way out.
        if (/what-was-asked/.test(line) && !/what-was-asked/.test(seen)) kill('SIGINT', 'with children')
        seen = line
      },
    })
    expect(seen).toMatch(/what-was-asked-while-following/)
    expect(following).toMatchObject({ exitCode: 0 })
    const unread = `"${process.execPath}" "${main}" logs production web --project "${project}" --follow | head -1`
    // That nobody reads any more shows at the next line: all that was logged before may have gone into the pipe.
    const onLine = () => void fetch(url as string)
    const ended = await exec(['bash', '-c', unread], { onLine })
    expect(ended).toMatchObject({ stdout: expect.stringMatching(/^web/), stderr: '' })

    const again = await parity(['up', 'production', project])
    expect(again.stderr).toBe(`parity: production is up already; \`parity down production ${project}\` takes it down`)
    expect(again.exitCode).toBe(2)

    await exec(['docker', 'kill', await containerOf('production', /^redis/)])
    expect((await parity(['ps', project])).stdout).toMatch(
      /^production \(containers\), up for .+\n +cache .+ cache exited with code 137\n +web +http.+ runs$/m,
    )
  } finally {
    expect((await parity(['down', 'production', project])).stdout).toBe('production is down')
  }
  expect(await readdir(join(project, '.parity/environments'))).toEqual([])
  expect((await parity(['ps', project])).stdout).toBe('nothing is up')
  expect(await place.leftovers()).toEqual([])
})

test('what was left up and has died since does not stand in the way of the next start', async () => {
  await using place = await projectPlace()
  const { project, parity } = place
  await parity(['up', 'production', project])
  const dead = JSON.parse((await parity(['ps', project, '--json'])).stdout)[0].id
  const { stdout } = await exec(['docker', 'ps', '--quiet', '--filter', `label=dev.parity.environment=${dead}`])
  await exec(['docker', 'rm', '--force', '--volumes', ...stdout.split('\n')])

  const { exitCode, stderr } = await parity(['up', 'production', project])
  expect(exitCode, stderr).toBe(0)
  expect(stderr).not.toMatch(stackTrace)
  expect((await parity(['ps', project, '--json'])).stdout).not.toContain(dead)
  await parity(['down'], { cwd: project })
  expect(await place.leftovers()).toEqual([])
})
