import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build, config, files, once, shell } from '../container.js'

const image = 'node:24-trixie-slim'

test('node: configuration is as public', async () => {
  const { env, Cmd, Entrypoint, User } = await config(image)
  assert.deepEqual([Cmd, Entrypoint, User], [['node'], ['docker-entrypoint.sh'], ''])
  assert.match(env.NODE_VERSION, /^24\./)
  assert.deepEqual(
    Object.keys(env).filter((name) => /CERT|CA|SSL|PROXY/i.test(name)),
    [],
  )
})

test('node: node 24, npm, npx and yarn run; the user node is 1000:1000 with a home', async () => {
  assert.match(
    await shell(image, 'node --version; npm --version; npx --version; yarn --version'),
    /^v24\.\d+\.\d+\n\d+\.\d+\.\d+\n\d+\.\d+\.\d+\n1\.22\./,
  )
  assert.equal(
    await shell(image, 'id -u; id -g; echo $HOME; touch $HOME/x', ['--user', 'node']),
    '1000\n1000\n/home/node',
  )
})

test('node: the entrypoint gives node what is not a command, and leaves commands alone', async (t) => {
  const folder = files(t, { 'hello.js': 'console.log("file")' })
  const printed = async (...command) =>
    (await once(image, command, ['--volume', `${folder}:/app:ro`, '--workdir', '/app'])).stdout.trim()
  assert.equal(await printed('--print', '1 + 1'), '2')
  assert.equal(await printed('hello.js'), 'file')
  assert.equal(await printed('echo', 'command'), 'command')
})

test('node: an application installs with npm, with apt, and globally', async (t) => {
  const app = await build(
    t,
    `FROM ${image}
RUN apt-get update && apt-get install -y --no-install-recommends file && rm -rf /var/lib/apt/lists/*
RUN npm install --global is-number
WORKDIR /app
RUN chown node:node /app
USER node
COPY --chown=node:node package.json .
RUN npm install
CMD ["node", "--print", "require('ms')('1s')"]`,
    { 'package.json': JSON.stringify({ dependencies: { ms: '2.1.3' } }) },
  )
  assert.equal((await once(app, [])).stdout.trim(), '1000')
})
