/** What is asked of each deployment: the sections of parity.yaml below its environments. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Json } from '../model.ts'
import type { Note } from './notes.ts'
import { type Files, type Found, filesOf, isStore, servesHttp } from './services.ts'

type Section = { [key: string]: Json }

/** @param paths further health paths by role, from a chart's probes */
export function questionsAbout(
  folder: string,
  services: Found[],
  paths: Map<string, string>,
): { section: Section; notes: Note[] } {
  const lasting = services.filter(({ oneOff }) => !oneOff)
  const own = lasting.filter(({ builds, role }) => builds && !isStore(role))
  const section: Section = {}
  const notes: Note[] = []

  const samples = lasting.flatMap((service) => sampleData(folder, service))
  if (samples.length) {
    section.prepare = samples
    notes.push({ path: ['prepare'], text: 'Guess: the sample data that development loads before it serves.' })
  }
  const requests: Section = {}
  for (const service of lasting.filter(servesHttp)) {
    const { role } = service
    const name = (what: string) => (role === 'web' ? what : `${what} of ${role}`)
    requests[name('home')] = { role, path: '/' }
    const health = new Set([service.healthPath, paths.get(role)].filter((path) => path !== undefined && path !== '/'))
    for (const [index, path] of [...health].entries()) {
      requests[name(index ? `health ${index + 1}` : 'health')] = { role, path: path as string }
    }
    requests[name('no such page')] = { role, path: '/no/such/page' }
  }
  if (Object.keys(requests).length) {
    section.http = { requests }
    notes.push({
      path: ['http', 'requests'],
      text: 'A beginning: add what your clients ask, with methods, headers and bodies.',
    })
  }
  const django = own.filter(({ builds }) => builds && existsSync(join(folder, builds.context, 'manage.py')))
  const filesIn = filesOf(folder)
  const pages = pagesOf(lasting.filter(servesHttp), django, filesIn)
  if (pages.length) {
    section.assets = { pages }
    notes.push({ path: ['assets'], text: 'Scripts, styles, images and fonts of these pages are followed.' })
  }
  if (own.length) {
    const apart = own.filter(({ builds }) => builds?.development?.base !== builds?.stage.base).map(({ role }) => role)
    section.process = apart.length ? { withoutVariables: apart } : {}
    if (apart.length) {
      const path = ['process', 'withoutVariables']
      notes.push({ path, text: 'Built on another base image in development, which sets variables of its own.' })
    }
    notes.push({ path: ['process'], text: 'The main process of each role: command, user, folder, variables.' })
  }
  if (django.length) {
    section.settings = {}
    notes.push({ path: ['settings'], text: 'Guess: by manage.py, Django. Its settings as each process has them.' })
  }
  const python = own.filter(({ builds }) => /(^|\/)python[:@]|^python$/.test(builds?.stage.base ?? ''))
  const node = own.filter(({ builds }) => /(^|\/)node[:@]|^node$/.test(builds?.stage.base ?? ''))
  if (python.length || node.length) {
    section.packages = {
      ...(python.length && { python: Object.fromEntries(python.map(({ role }) => [role, ['python']])) }),
      ...(node.length && {
        node: Object.fromEntries(node.map(({ role, builds }) => [role, builds?.stage.directory ?? '/'])),
      }),
    }
    notes.push({
      path: ['packages'],
      text: 'Guess: by the base images. Role to its interpreter, or to the folder of node_modules.',
    })
  }
  const data = dataSection(folder, lasting, django, filesIn)
  if (Object.keys(data).length) section.data = data
  const celery = celerySection(lasting, filesIn)
  if (celery) {
    section.celery = celery
    notes.push({
      path: ['celery'],
      text: 'Guess: by the command of the worker. A quick harmless task under `roundTrip` tells more.',
    })
  }
  return { section, notes }
}

/** The first page of each server, and the admin's, whose files every project of Django has to serve. */
function pagesOf(servers: Found[], django: Found[], filesIn: Files): Section[] {
  const admin = django
    .filter((service) => servers.includes(service))
    .flatMap((service) => {
      const found = textsOf(service, filesIn).flatMap((text) => ADMIN.exec(text) ?? [])
      return found[1] === undefined ? [] : [{ role: service.role, path: `/${found[1]}login/` }]
    })
  return [...servers.map(({ role }) => ({ role, path: '/' })), ...admin]
}

const ADMIN = /\bpath\(\s*["']([\w/-]*)["'],\s*admin\.site\.urls/

function textsOf({ builds }: Found, filesIn: Files): string[] {
  return [...filesIn(builds?.context ?? '.')].flatMap(([file, text]) => (file.endsWith('.py') ? [text] : []))
}

/** Of `migrate && loaddata sample.json && runserver` the part in the middle, for every environment. */
function sampleData(folder: string, { role, command, builds }: Found): Section[] {
  const parts = command.join(' ').split(/&&|;|\n/)
  return parts
    .slice(0, -1)
    .map((part) => part.trim())
    .filter((part) => /\bloaddata\b|\bseed/.test(part) && !/["'`$|<>]/.test(part))
    .map((part) => {
      // A path is found whichever FIXTURE_DIRS the settings of an environment have.
      const files = builds ? fixturesIn(join(folder, builds.context)) : []
      const located = (word: string) => files.find((file) => basename(file) === word) ?? word
      return { name: 'load sample data', role, command: part.split(/\s+/).map(located) }
    })
}

function fixturesIn(context: string): string[] {
  return globSync('**/fixtures/*', { cwd: context, exclude: ['**/node_modules'] })
}

function dataSection(folder: string, services: Found[], django: Found[], filesIn: Files): Section {
  const database = services.find(({ role }) => role === 'database')
  const cache = services.find(({ role }) => role === 'cache')
  const hasCache = django.some((service) => textsOf(service, filesIn).some((text) => /^\s*CACHES\b/m.test(text)))
  const sharing = hasCache ? django.map(({ role }) => role).filter((role) => role === 'web' || role === 'worker') : []
  const { POSTGRES_USER, POSTGRES_DB = POSTGRES_USER } = database?.environment ?? {}
  const alembic = services.some(({ builds }) => builds && existsSync(join(folder, builds.context, 'alembic.ini')))
  return {
    ...(database && {
      postgres: {
        role: 'database',
        ...(POSTGRES_DB !== undefined && { database: POSTGRES_DB }),
        ...(POSTGRES_USER !== undefined && { username: POSTGRES_USER }),
      },
    }),
    ...(cache && { redis: { role: 'cache' } }),
    ...(sharing.length > 1 && { cache: { roles: sharing } }),
    ...(database && alembic && { migrations: { table: 'alembic_version', columns: ['version_num'] } }),
  }
}

function celerySection(services: Found[], filesIn: Files): Section | undefined {
  const worker = services.find(({ role, builds }) => role === 'worker' && builds)
  const words = worker?.command.join(' ') ?? ''
  const named = /\bcelery\b.*?(?:-A[ =]?|--app[ =])([\w.:]+)/.exec(words)?.[1]
  const app = named ?? (/celery/.test(words) ? appIn(filesIn(worker?.builds?.context ?? '.')) : undefined)
  if (!worker || !app) return undefined
  const beat = services.find(({ role }) => role === 'beat')
  const publisher = services.find(({ role }) => role === 'web')
  return { app, worker: worker.role, ...(beat && { beat: beat.role }), ...(publisher && { publisher: publisher.role }) }
}

/** The module in which the application of Celery is made. */
function appIn(files: Map<string, string>): string | undefined {
  for (const [file, text] of files) {
    const [, name] = (file.endsWith('.py') && /^(\w+)\s*=\s*Celery\(/m.exec(text)) || []
    const module = file.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.')
    if (name) return ['app', 'celery'].includes(name) ? module : `${module}:${name}`
  }
  return undefined
}

/** A name for the project: the compose file's own, or the folder's. */
export function nameIn(folder: string, file: string): string | undefined {
  return /^name:\s*["']?([\w.-]+)/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1]
}
