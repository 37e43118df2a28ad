import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build, config, once, shell } from '../container.js'

const image = 'python:3.13-slim-trixie'

test('python: configuration is as public', async () => {
  const { env, Cmd, Entrypoint, User, WorkingDir } = await config(image)
  assert.deepEqual([Cmd, Entrypoint, User, WorkingDir], [['python3'], null, '', '/'])
  assert.equal(env.LANG, 'C.UTF-8')
  assert.match(env.PYTHON_VERSION, /^3\.13\./)
  assert.match(env.PATH, /^\/usr\/local\/bin:/)
  assert.deepEqual(
    Object.keys(env).filter((name) => /CERT|CA|SSL|PROXY/i.test(name)),
    [],
  )
})

test('python: python, python3 and pip are 3.13 under /usr/local, with every usual module', async () => {
  assert.match(
    await shell(image, 'python --version; python3 --version; pip --version'),
    /(Python 3\.13\.\d+\s){2}pip .*site-packages.*3\.13/,
  )
  assert.equal(await shell(image, 'command -v python; command -v pip'), '/usr/local/bin/python\n/usr/local/bin/pip')
  await shell(
    image,
    'python -c "import bz2, ctypes, curses, dbm.gnu, lzma, readline, sqlite3, ssl, uuid, venv, zoneinfo"',
  )
  assert.equal(
    await shell(image, `python -c "import sys, site; print(sys.prefix, site.getsitepackages()[0])"`),
    '/usr/local /usr/local/lib/python3.13/site-packages',
  )
})

test('python: text is UTF-8 without being asked', async () => {
  const { stdout } = await once(image, [
    'python',
    '-c',
    'import sys; print("é", sys.getfilesystemencoding(), sys.stdout.encoding)',
  ])
  assert.equal(stdout.trim(), 'é utf-8 utf-8')
})

test('python: a multi-stage application installs with apt and pip, copies site-packages, drops root', async (t) => {
  const app = await build(
    t,
    `FROM ${image} AS builder
RUN apt-get update && apt-get install -y --no-install-recommends file && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/root/.cache/pip pip install itsdangerous
RUN python -m venv /opt/venv && /opt/venv/bin/pip install itsdangerous
FROM ${image}
COPY --from=builder /usr/local/lib/python3.13/site-packages /usr/local/lib/python3.13/site-packages
COPY --from=builder /opt/venv /opt/venv
RUN useradd --create-home app
USER app
CMD ["python", "-c", "import itsdangerous, os; print(os.getuid(), itsdangerous.__name__)"]`,
  )
  const { code, stdout, output } = await once(app, [])
  assert.equal(code, 0, output)
  assert.equal(stdout.trim(), '1000 itsdangerous')
  await shell(app, '/opt/venv/bin/python -c "import itsdangerous"')
})
