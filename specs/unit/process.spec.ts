import { expect, test } from 'vitest'
import { describeProcess } from '../../harness/probes/proc.ts'
import { parseListening } from '../../harness/probes/sockets.ts'

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0B00007F:A7C5 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 95171 1
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 95227 1
   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 95228 1
   3: 030012AC:1F90 010012AC:D2F4 01 00000000:00000000 02:00000A32 00000000 10001        0 95229 2`
const TCP6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A
   1: 0000000000000000FFFF00000100007F:1389 00000000000000000000000000000000:0000 0A
   2: 00000000000000000000000001000000:22B8 00000000000000000000000000000000:0000 0A`

const part = (name: string, content: string, exitCode = 0) => `\x1e${name}\x1f${content}\x1f${exitCode}`
const output = (changed: { [name: string]: string } = {}) =>
  Object.values({
    argv: part('argv', 'gunicorn\0--bind\0' + '0.0.0.0:8000\0'),
    status: part('status', 'Name:\tgunicorn\nUid:\t0\t10001\t0\t0\nGid:\t0\t10002\t0\t0\nGroups:\t20 4 \n'),
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
    user: { uid: 10001, gid: 10002, groups: [4, 20] },
    directory: '/app',
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

test('listening sockets stand in order of their ports, without Docker’s resolver', () => {
  expect(parseListening(TCP, TCP6)).toEqual(['127.0.0.1:80', '[::]:80', '127.0.0.1:5001', '0.0.0.0:8080', '[::1]:8888'])
})

test('a machine without IPv6 listens all the same', () => {
  expect(parseListening(TCP, '')).toEqual(['127.0.0.1:80', '0.0.0.0:8080'])
})
