import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build, config, files, once, shell, start } from '../container.js'

const image = 'nginx:1.26'
const ready = 'start worker process'

test('nginx: configuration is as public', async () => {
  const { env, Cmd, Entrypoint, StopSignal, ExposedPorts, User } = await config(image)
  assert.deepEqual([Cmd, Entrypoint], [['nginx', '-g', 'daemon off;'], ['/docker-entrypoint.sh']])
  assert.deepEqual([StopSignal, ExposedPorts, User], ['SIGQUIT', { '80/tcp': {} }, ''])
  assert.match(env.NGINX_VERSION, /^1\.26\./)
  assert.equal(await shell(image, 'id -u nginx; id -g nginx'), '101\n101')
})

test('nginx: serves the default site, as nginx, with logs on its output, and stops gracefully', async (t) => {
  const server = await start(t, image)
  await server.says(ready)
  assert.match(
    await server.exec('curl', '-sS', '-i', 'http://127.0.0.1/'),
    /200 OK[\s\S]*Content-Type: text\/html[\s\S]*Welcome to nginx/,
  )
  assert.match(await server.exec('curl', '-sS', '-i', 'http://127.0.0.1/none'), /404/)
  assert.match(await server.logs(), /"GET \/ HTTP\/1\.1" 200[\s\S]*/)
  assert.match(await server.says('No such file'), /\[error\].*\/usr\/share\/nginx\/html\/none/)
  assert.match(await server.exec('sh', '-c', 'cat /proc/[0-9]*/status'), /Name:\tnginx[\s\S]*Uid:\t101\t101/)
  assert.equal(await server.exec('cat', '/var/run/nginx.pid'), '1')
  assert.equal((await server.stop()).exitCode, 0)
})

test('nginx: templates take variables of the environment and leave nginx its own', async (t) => {
  const template =
    'server { listen ${PORT}; add_header X-Name $host-${NAME}; location / { return 200 "${KEPT}"; } set $KEPT k; }\n'
  const folder = files(t, { 'site.conf.template': template, 'sub/part.conf.template': '# ${NAME}\n' })
  const flags = [
    '--env',
    'PORT=8080',
    '--env',
    'NAME=app',
    '--env',
    'NGINX_ENVSUBST_FILTER=PORT|NAME',
    '--env',
    'KEPT=lost',
  ]
  const server = await start(t, image, [...flags, '--volume', `${folder}:/etc/nginx/templates:ro`])
  await server.says(ready)
  assert.match(await server.exec('curl', '-sSi', 'http://127.0.0.1:8080/'), /X-Name: 127\.0\.0\.1-app\r\n\r\nk$/)
  assert.equal(await server.exec('cat', '/etc/nginx/conf.d/sub/part.conf'), '# app')
})

test('nginx: /docker-entrypoint.d runs what is executable, in order, and a failure stops the start', async (t) => {
  const app = await build(
    t,
    `FROM ${image}
COPY . /docker-entrypoint.d/`,
    {
      '05-set.envsh': '#!/bin/sh\nexport SEEN=yes\n',
      '06-say.sh': '#!/bin/sh\necho "SEEN=$SEEN"\n',
      '07-not.sh': 'exit 1\n',
      '99-fail.sh': '#!/bin/sh\nexit 7\n',
    },
  )
  const { code, output } = await once(app, [])
  assert.match(output, /SEEN=yes[\s\S]*Ignoring .*07-not\.sh, not executable/)
  assert.notEqual(code, 0)
  assert.doesNotMatch(output, /ready for start up/)
  assert.equal((await once(app, ['echo', 'plain'])).output.trim(), 'plain')
})

test('nginx: runs as nginx with a read-only root when pid and temporary files are moved', async (t) => {
  const conf = `pid /tmp/nginx.pid;
events {}
http {
  client_body_temp_path /tmp/client; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi; uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
  include /etc/nginx/mime.types;
  server { listen 8080; root /usr/share/nginx/html; }
}
`
  const folder = files(t, { 'nginx.conf': conf })
  const mount = ['--volume', `${folder}/nginx.conf:/etc/nginx/nginx.conf:ro`]
  const server = await start(
    t,
    image,
    ['--user', 'nginx', '--read-only', '--tmpfs', '/tmp', ...mount],
    ['nginx', '-g', 'daemon off; error_log stderr notice;'],
  )
  await server.says(ready)
  assert.match(await server.exec('curl', '-sSi', 'http://127.0.0.1:8080/'), /200 OK/)
})

test('nginx: the temporary files are where the public image has them', async (t) => {
  const server = await start(t, image, ['--read-only', '--tmpfs', '/var/cache/nginx', '--tmpfs', '/run'])
  await server.says(ready)
  assert.match(await server.exec('ls', '/var/cache/nginx'), /client_temp/)
})
