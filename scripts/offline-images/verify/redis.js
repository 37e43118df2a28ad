import assert from 'node:assert/strict'
import { test } from 'node:test'
import { config, files, shell, start, volume } from '../container.js'

const image = 'redis:8-trixie'
const ready = 'Ready to accept connections'

test('redis: configuration is as public', async () => {
  const { Cmd, Entrypoint, WorkingDir, Volumes, ExposedPorts } = await config(image)
  assert.deepEqual([Cmd, Entrypoint, WorkingDir], [['redis-server'], ['docker-entrypoint.sh'], '/data'])
  assert.deepEqual([Volumes, ExposedPorts], [{ '/data': {} }, { '6379/tcp': {} }])
})

test('redis: runs as redis 999:999 in /data and answers strangers without a password', async (t) => {
  const server = await start(t, image)
  await server.says(ready)
  assert.match(await server.exec('cat', '/proc/1/status'), /Uid:\t999\t999\t999\t999\nGid:\t999\t999/)
  assert.equal(await server.exec('cat', '/proc/1/comm'), 'redis-server')
  assert.match(await server.exec('redis-cli', 'config', 'get', 'protected-mode'), /no$/)
  assert.match(await server.exec('redis-cli', 'info', 'server'), /redis_version:8\./)
  const address = await server.inspect('{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}')
  assert.equal(await shell(image, `redis-cli -h ${address} set a b`), 'OK')
  const { exitCode, seconds } = await server.stop()
  assert.ok(exitCode === 0 && seconds < 5, `exit code ${exitCode} after ${seconds} s`)
})

test('redis: options and a configuration file mean the server; data outlives the container', async (t) => {
  const data = await volume(t)
  const first = await start(t, image, ['--volume', `${data}:/data`], ['--appendonly', 'yes'])
  await first.says(ready)
  await first.exec('redis-cli', 'set', 'kept', 'yes')
  await first.stop()
  const folder = files(t, { 'redis.conf': 'appendonly yes\nmaxmemory-policy allkeys-lru\nrequirepass secret\n' })
  const second = await start(
    t,
    image,
    ['--volume', `${data}:/data`, '--volume', `${folder}/redis.conf:/etc/redis.conf:ro`],
    ['/etc/redis.conf'],
  )
  await second.says(ready)
  assert.equal(await second.exec('redis-cli', '-a', 'secret', '--no-auth-warning', 'get', 'kept'), 'yes')
  assert.match(
    await second.exec('redis-cli', '-a', 'secret', '--no-auth-warning', 'config', 'get', 'maxmemory-policy'),
    /allkeys-lru/,
  )
})

test('redis: another user and a read-only root work', async (t) => {
  const server = await start(t, image, ['--user', '1234:1234', '--read-only', '--tmpfs', '/data:uid=1234'])
  await server.says(ready)
  assert.equal(await server.exec('redis-cli', 'ping'), 'PONG')
})
