import { describe, expect, test } from 'vitest'
import { fake } from '../../harness/environments/fake.ts'
import { reachableFrom } from '../../harness/probes/neighbours.ts'
import { describeProcess } from '../../harness/probes/proc.ts'
import { parseListening } from '../../harness/probes/sockets.ts'
import { describeTree } from '../../harness/probes/tree.ts'

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0B00007F:A7C5 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 95171 1
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 95227 1
   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 95228 1
   3: 030012AC:1F90 010012AC:D2F4 01 00000000:00000000 02:00000A32 00000000 10001        0 95229 2`
const TCP6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A
   1: 0000000000000000FFFF00000100007F:1389 00000000000000000000000000000000:0000 0A
   2: 00000000000000000000000001000000:22B8 00000000000000000000000000000000:0000 0A`

const STATUS = `Name:\tgunicorn
Uid:\t0\t10001\t0\t0
Gid:\t0\t10002\t0\t0
Groups:\t20 4${' '}
SigIgn:\t0000000000001001
SigCgt:\t0000000008014002
CapEff:\t0000000000000400
CapBnd:\t0000000000002401
NoNewPrivs:\t0
`
const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             unlimited            unlimited            processes
Max open files            1048576              1048576              files`

const part = (name: string, content: string, exitCode = 0) => `\x1e${name}\x1f${content}\x1f${exitCode}`
const output = (changed: { [name: string]: string } = {}) =>
  Object.values({
    argv: part('argv', 'gunicorn\0--bind\0' + '0.0.0.0:8000\0'),
    process: part('process', '1 0 37-368 idle\ngunicorn\0--bind\0' + '0.0.0.0:8000\0'),
    main: part('main', '1\n'),
    init: part('init', STATUS),
    status: part('status', STATUS),
    workingDirectory: part('workingDirectory', 'read-only /proc/1/cwd\n'),
    home: part('home', 'absent /nowhere\n'),
    paths: part('paths', 'writable /tmp\n'),
    volumes: part('volumes', 'read-only /srv/my files\n'),
    memory: part('memory', '9223372036854771712\n'),
    memoryEvents: part('memoryEvents', 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n'),
    cpu: part('cpu', '-1\n100000\n'),
    limits: part('limits', LIMITS),
    clock: part('clock', 'UTC +0000\n'),
    zoneinfo: part('zoneinfo', 'present\n'),
    charset: part('charset', 'UTF-8\n'),
    directory: part('directory', '/app\n'),
    environment: part('environment', 'HOSTNAME=0123\0B=a=b\nc\0A=\0SHLVL=1\0KUBERNETES_SERVICE_HOST=10.0.0.1\0'),
    tcp: part('tcp', TCP),
    tcp6: part('tcp6', ''),
    ...changed,
  }).join('')

test('the main process is described by what the kernel says of it', () => {
  expect(describeProcess(output())).toEqual({
    wrappers: [],
    argv: ['gunicorn', '--bind', '0.0.0.0:8000'],
    tree: ['(main)'],
    reloader: [],
    signals: { SIGHUP: 'ignored', SIGINT: 'handled', SIGQUIT: 'default', SIGTERM: 'handled' },
    user: { uid: 10001, gid: 10002, groups: [4, 20] },
    privileges: { capabilities: ['NET_BIND_SERVICE'], attainable: ['CHOWN', 'NET_RAW'] },
    directory: '/app',
    paths: { 'working directory': 'read-only', home: 'absent', '/tmp': 'writable', '/srv/my files': 'read-only' },
    limits: { memoryBytes: null, outOfMemoryKills: 2, cpus: null, openFiles: 'at least 1024' },
    clock: { zone: 'UTC +0000', zoneinfo: 'present' },
    charset: 'UTF-8',
    listening: ['127.0.0.1:80', '0.0.0.0:8080'],
    environment: { A: '', B: 'a=b\nc' },
  })
})

test('an init or a shell above the main process is told apart from it', () => {
  const wrapper = part('wrapper', 'tini\0--\0gunicorn\0')
  expect(describeProcess(output({ wrapper }))).toMatchObject({ wrappers: [['tini', '--', 'gunicorn']] })
})

test('variables of other services stay, though the platform set them: an application may trip over them', () => {
  const environment = part('environment', 'REDIS_PORT=tcp://10.96.0.7:6379\0REDIS_SERVICE_HOST=10.96.0.7\0')
  expect(describeProcess(output({ environment }))).toMatchObject({
    environment: { REDIS_PORT: 'tcp://10.96.0.7:6379', REDIS_SERVICE_HOST: '10.96.0.7' },
  })
})

test('what may not be read is an error in its place, and the rest is still told', () => {
  expect(describeProcess(output({ environment: part('environment', '', 1) }))).toMatchObject({
    argv: ['gunicorn', '--bind', '0.0.0.0:8000'],
    environment: { $error: 'environment of the main process cannot be read' },
  })
})

test('a title that a process gave itself has no empty arguments behind it', () => {
  expect(describeProcess(output({ argv: part('argv', 'nginx: master process\0\0\0') }))).toMatchObject({
    argv: ['nginx: master process'],
  })
})

test('where a title stands over the variables, those that the platform gives are told', () => {
  const environment = part('environment', ' master --bind=0.0.0.0:80\0\0\0')
  const ownEnvironment = part('ownEnvironment', 'API=http://web\0PWD=/\0')
  expect(describeProcess(output({ environment, ownEnvironment }))).toMatchObject({
    environment: { API: 'http://web' },
  })
})

test('a script that broke off is no answer', () => {
  expect(() => describeProcess(part('argv', 'gunicorn\0'))).toThrow('broke off')
})

test('limits read the same from either version of control groups', () => {
  const seen = (memory: string, cpu: string) =>
    describeProcess(output({ memory: part('memory', memory), cpu: part('cpu', cpu) })).limits
  const limited = { memoryBytes: 268435456, cpus: 0.5 }
  expect(seen('268435456\n', '50000\n100000\n')).toMatchObject(limited)
  expect(seen('268435456\n', '50000 100000\n')).toMatchObject(limited)
  expect(seen('max\n', 'max 100000\n')).toMatchObject({ memoryBytes: null, cpus: null })
})

test('few open files are told, how many more there may be is the machine’s affair', () => {
  const limits = part('limits', LIMITS.replace('1048576', '    256'))
  expect(describeProcess(output({ limits }))).toMatchObject({ limits: { openFiles: 256 } })
})

test('of code that is mounted it is not told who may write to it, as that is up to the machine that it lies on', () => {
  const volumes = part('volumes', 'writable /app\nwritable /app/media\nwritable /srv/media\n')
  const home = part('home', 'writable /app\n')
  expect(describeProcess(output({ volumes, home }))).toMatchObject({
    paths: { 'working directory': 'mounted', home: 'mounted', '/app/media': 'mounted', '/srv/media': 'writable' },
  })
})

test('where nothing more can be gained, no capability is attainable', () => {
  const status = part('status', STATUS.replace('NoNewPrivs:\t0', 'NoNewPrivs:\t1'))
  expect(describeProcess(output({ status }))).toMatchObject({ privileges: { attainable: [] } })
})

describe('the tree of processes', () => {
  const tree = (...processes: [pid: number, parent: number, argv: string, execution?: string, watching?: string][]) =>
    describeTree(
      processes.map(
        ([pid, parent, argv, execution = '7-368', watching = 'idle']) =>
          `${pid} ${parent} ${execution} ${watching}\n${argv.replaceAll(' ', '\0')}\0`,
      ),
      processes.find(([, , argv]) => argv.startsWith('server'))?.[0] ?? 1,
    )

  test('counts what a server forks', () => {
    const pool = tree([1, 0, 'server --all'], [7, 1, 'server --all'], [8, 1, 'server --all'], [9, 1, 'logger'])
    expect(pool).toEqual({ tree: ['(main)', '  (same command) × 2', '  logger'], reloader: [] })
  })

  test('shows what stands above the server, and what runs beside it', () => {
    expect(tree([1, 0, 'sh -c ./run.sh'], [7, 1, 'server'], [8, 1, 'tail -f log']).tree).toEqual([
      'sh -c ./run.sh',
      '  (main)',
      '  tail -f log',
    ])
  })

  test('tells a command that was started again from one that was forked', () => {
    const { reloader } = tree([1, 0, 'server run', '7-368'], [7, 1, '/usr/bin/server run', '8-368'])
    expect(reloader).toEqual(['starts its own command again'])
  })

  test('says nothing of executions that may not be read', () => {
    expect(tree([1, 0, 'server', '7-368'], [7, 1, 'server', '42-0']).reloader).toEqual([])
  })

  test('names a process that watches files', () => {
    expect(tree([1, 0, 'server --watch', '7-368', 'watches']).reloader).toEqual(['watches files'])
  })

  test('leaves out who has ended, and numbers of open files', () => {
    expect(tree([1, 0, 'server'], [7, 1, ''], [8, 1, 'python spawn_main(other_fd=5, pipe_handle=7)']).tree).toEqual([
      '(main)',
      '  python spawn_main(other_fd=<fd>, pipe_handle=<fd>)',
    ])
  })
})

describe('a port', () => {
  const { signal } = new AbortController()

  test('is reachable when a neighbour gets a connection under any name of the role', async () => {
    await using running = released(
      await fake('ports', { web: { answer: (_, response) => response.end() }, worker: {} }),
    )
    const { web } = running.environment.services
    if (web) web.aliases = ['no-such-host.invalid', '127.0.0.1']
    const { port } = new URL(web?.baseUrl ?? '')
    const listening = [`0.0.0.0:${port}`, '127.0.0.1:1']
    expect(await reachableFrom(running.environment, 'web', listening, signal)).toEqual({ 1: false, [port]: true })
  })

  test('of a role without neighbours is nobody’s to reach', async () => {
    await using running = released(await fake('alone', { web: {} }))
    expect(await reachableFrom(running.environment, 'web', ['0.0.0.0:80'], signal)).toBeNull()
    expect(await reachableFrom(running.environment, 'web', [], signal)).toEqual({})
  })
})

test('listening sockets stand in order of their ports, without Docker’s resolver', () => {
  expect(parseListening(TCP, TCP6)).toEqual(['127.0.0.1:80', '[::]:80', '127.0.0.1:5001', '0.0.0.0:8080', '[::1]:8888'])
})

test('a machine without IPv6 listens all the same', () => {
  expect(parseListening(TCP, '')).toEqual(['127.0.0.1:80', '0.0.0.0:8080'])
})

function released(environment: Awaited<ReturnType<typeof fake>>) {
  return { environment, [Symbol.asyncDispose]: () => environment.down() }
}
