import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exec, type Serving, serve } from '../../harness/exec.ts'
import type { Json } from '../../harness/model.ts'
import { arrange, START, settingsScript } from '../../harness/probes/settings.ts'
import { redactor } from '../../harness/secrets.ts'

const PYTHON = 'python3'

/** As much of django.conf as has settings; the real one has the same names in the same places. */
const DJANGO = `
import importlib, os
from django.conf import global_settings
empty = object()
class Settings:
    def __init__(self, module):
        for name in dir(global_settings):
            if name.isupper():
                setattr(self, name, getattr(global_settings, name))
        self.SETTINGS_MODULE = module
        self._explicit_settings = set()
        own = importlib.import_module(module)
        for name in dir(own):
            if name.isupper():
                setattr(self, name, getattr(own, name))
                self._explicit_settings.add(name)
class LazySettings:
    def __init__(self):
        self.__dict__["_wrapped"] = empty
    def __getattr__(self, name):
        if self._wrapped is empty:
            self.__dict__["_wrapped"] = Settings(os.environ["DJANGO_SETTINGS_MODULE"])
        return getattr(self._wrapped, name)
    def __setattr__(self, name, value):
        setattr(self._wrapped, name, value)
settings = LazySettings()
`

const FILES = {
  'django/__init__.py': '',
  'django/conf/__init__.py': DJANGO,
  'django/conf/global_settings.py':
    'DEBUG = False\nTIME_ZONE = "America/Chicago"\nINSTALLED_APPS = []\nLANGUAGES = [(str(i), str(i)) for i in range(30)]\n',
  'project/__init__.py': '',
  'project/settings.py': `
import datetime, os, pathlib
os.environ["GIVEN"] = "assigned by the settings"
BASE_DIR = pathlib.Path("/srv") / "project"
SECRET_KEY = "a-very-secret-key"
DATABASES = {"default": {"HOST": "db", "PASSWORD": "pässwörd", "OPTIONS": {"timeout": 2.5}}}
ALLOWED_HOSTS = []
LIFETIME = datetime.timedelta(hours=1)
NOTHING = []
NUMBERS = (1, -2, 1 << 80, True, None)
NAMES = {"b", "a"}
TITLE = "Übergabe 廃棄物 😀"
CALLED = print
LATE = os.environ.get("LATE")
`,
  'manage.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")\n',
  'serve.py': `
import os, sys, time
from django.conf import settings
settings.DEBUG
if "query" in sys.argv:
    settings.DATABASES["default"].update({"USER": "", "ATOMIC_REQUESTS": False, "TIME_ZONE": None})
if "change" in sys.argv:
    settings.ALLOWED_HOSTS = ["changed.example"]
    settings.TIME_ZONE = "UTC"
main = os.getpid()
if "fork" in sys.argv and os.fork() == 0:
    while os.getppid() == main:
        time.sleep(0.1)
    os._exit(0)
if "fork" in sys.argv:
    settings.ONLY_IN_THE_MASTER = True
print("ready", main, flush=True)
time.sleep(60)
`,
  'plain.py': 'import os, time\nprint("ready", os.getpid(), flush=True)\ntime.sleep(60)\n',
}

const SETTINGS = {
  DEBUG: false,
  INSTALLED_APPS: [],
  TIME_ZONE: 'America/Chicago',
  ALLOWED_HOSTS: [],
  BASE_DIR: '/srv/project',
  CALLED: '<builtin_function_or_method>',
  DATABASES: { default: { HOST: 'db', PASSWORD: 'pässwörd', OPTIONS: { timeout: 2.5 } } },
  LATE: null,
  LIFETIME: '1:00:00',
  NAMES: ['a', 'b'],
  NOTHING: [],
  NUMBERS: [1, -2, '1208925819614629174706176', true, null],
  SECRET_KEY: 'a-very-secret-key',
  SETTINGS_MODULE: 'project.settings',
  TITLE: 'Übergabe 廃棄物 😀',
}

let folder: string
const started: Serving[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parity-settings-'))
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
})

afterAll(async () => {
  for (const service of started) await service.stop()
  await rm(folder, { recursive: true, force: true })
})

const variables = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  DJANGO_SETTINGS_MODULE: 'project.settings',
  PYTHONDONTWRITEBYTECODE: '1',
  ...more,
})

const inFolder = (env: Record<string, string>) => [
  ...['env', '--ignore-environment', `--chdir=${folder}`],
  ...Object.entries(env).map((pair) => pair.join('=')),
  PYTHON,
]

/** Starts a program as a service's main process. Returns its process id. */
async function start(...args: string[]): Promise<number> {
  const commandLine = [...inFolder(variables({ GIVEN: 'by the container' })), ...args]
  const service = await serve(commandLine, {
    until: /ready (\d+)/,
    withinSeconds: 20,
    signal: new AbortController().signal,
    output: join(folder, `output-${started.length}`),
    outlives: false,
  })
  started.push(service)
  return Number(service.match[1])
}

type Told = { [member: string]: Json }

/** @param before Python that runs before the script, to take something away from it */
async function ask(root: number, { env = {}, oneOff = false, before = '' } = {}): Promise<Told> {
  const request = JSON.stringify({ root, start: START, python: null, oneOff })
  const commandLine = [...inFolder(variables({ GIVEN: 'by the container', ...env })), '-S', '-c', START, request]
  const { stdout } = await exec(commandLine, { input: `${before}\n${await settingsScript()}` })
  return JSON.parse(stdout)
}

const UNREADABLE = `
import os
def pread(*_):
    raise PermissionError(1, "Operation not permitted")
os.pread = pread
`

describe('a live process', () => {
  test('is read for the settings in effect, without the long lists that are of Django itself', async () => {
    expect(await ask(await start('serve.py'))).toMatchObject({
      seenIn: 'live process',
      settings: SETTINGS,
      processesDisagree: {},
    })
  })

  test('tells what was changed after its start, which no fresh process would have', async () => {
    const { settings, oneOff } = await ask(await start('serve.py', 'change'), { oneOff: true })
    expect(settings).toEqual({ ...SETTINGS, ALLOWED_HOSTS: ['changed.example'], TIME_ZONE: 'UTC' })
    expect(oneOff).toEqual({
      ALLOWED_HOSTS: { live: ['changed.example'], oneOff: [] },
      TIME_ZONE: { live: 'UTC', oneOff: 'America/Chicago' },
    })
  })

  test('tells the variables that its settings have assigned over what its container gives', async () => {
    expect(await ask(await start('serve.py'))).toMatchObject({
      environmentChanged: { GIVEN: { container: 'by the container', process: 'assigned by the settings' } },
    })
  })

  test('is the one that does the work, not the master above it', async () => {
    const { settings } = await ask(await start('serve.py', 'fork'))
    expect(settings).not.toHaveProperty('ONLY_IN_THE_MASTER')
    expect(settings).toEqual(SETTINGS)
  })

  test('that has used its database has no more settings than one that has not', async () => {
    expect(await ask(await start('serve.py', 'query'))).toMatchObject({ settings: SETTINGS })
  })

  test('that runs no Django has none', async () => {
    expect(await ask(await start('plain.py'))).toBeNull()
  })

  test('is told apart from a one-off command that lacks a variable', async () => {
    const { oneOff } = await ask(await start('serve.py'), { oneOff: true, env: { LATE: 'by the shell' } })
    expect(oneOff).toEqual({ LATE: { live: null, oneOff: 'by the shell' } })
  })
})

describe('a process whose memory may not be read', () => {
  test('is stood for by a fresh one with its variables, and the answer says why', async () => {
    expect(await ask(await start('serve.py'), { before: UNREADABLE, env: { LATE: 'by the shell' } })).toMatchObject({
      seenIn: 'fresh process: its memory may not be read (Operation not permitted)',
      settings: SETTINGS,
      environmentChanged: { GIVEN: { container: 'by the container', process: 'assigned by the settings' } },
    })
  })
})

describe('the roles of one environment', () => {
  const answer = (settings: { [name: string]: Json }) => ({
    ...{ settings, environmentChanged: {}, processesDisagree: {} },
    seenIn: { $remark: 'live process' },
  })

  test('that agree are told once', () => {
    expect(arrange({ web: answer({ DEBUG: true }), worker: answer({ DEBUG: true }), client: null })).toEqual({
      roles: {
        web: { environmentChanged: {}, processesDisagree: {}, seenIn: { $remark: 'live process' } },
        worker: { environmentChanged: {}, processesDisagree: {}, seenIn: { $remark: 'live process' } },
        client: null,
      },
      settings: { DEBUG: true },
      rolesDiffer: {},
    })
  })

  test('that differ are told by role, a setting that only one of them has as well', () => {
    const web = answer({ A: 1, B: 2, DEBUG: true })
    expect(arrange({ beat: answer({ B: 2, DEBUG: false, HSTS: 1 }), web }, 'web')).toMatchObject({
      settings: { A: 1, B: 2, DEBUG: true },
      rolesDiffer: { A: { web: 1 }, DEBUG: { web: true, beat: false }, HSTS: { beat: 1 } },
    })
  })

  test('keep the error of one that could not be asked in its place', () => {
    const answers = { web: answer({ DEBUG: true }), worker: { $error: 'sh exited with code 127' } }
    expect(arrange(answers)).toMatchObject({
      roles: { worker: { $error: 'sh exited with code 127' } },
      settings: { DEBUG: true },
    })
  })

  test('keep what their own command printed', () => {
    expect(arrange({ api: { settings: { port: 1 } } })).toMatchObject({ roles: { api: { settings: { port: 1 } } } })
  })
})

test('secrets are hashed wherever they stand: nested, in a list, by role, in a URL', () => {
  const json = redactor('p').json({
    settings: {
      DATABASES: { default: { PASSWORD: 'nested' } },
      SECRET_KEY_FALLBACKS: ['listed'],
      FIELD_ENCRYPTION_KEY: 'ciphered',
      BROKER_URL: 'redis://:inurl@cache:6379/0',
      TASK_DEFAULT_ROUTING_KEY: 'celery',
    },
    rolesDiffer: { SECRET_KEY: { web: 'here', worker: 'there' } },
    roles: { web: { environmentChanged: { DB_PASSWORD: { container: 'given', process: 'assigned' } } } },
  })
  expect(JSON.stringify(json)).not.toMatch(/nested|listed|ciphered|inurl|"here"|there|given|assigned/)
  expect(json.settings.TASK_DEFAULT_ROUTING_KEY).toBe('celery')
})
