/** A parity.yaml for a project, from its compose file, its Dockerfiles and its chart. Every guess has a comment. */
import { readdirSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import type { Json } from '../model.ts'
import { type Chart, readChart } from './chart.ts'
import { type ComposeService, composed } from './compose.ts'
import { containersEnvironment, migrationOf } from './containers.ts'
import { buildOf } from './images.ts'
import { kindEnvironment } from './kubernetes.ts'
import { annotated, type Note, type Path } from './notes.ts'
import { inBoth, productionIn } from './production.ts'
import { nameIn, questionsAbout } from './questions.ts'
import { asName } from './roles.ts'
import { type Found, migrates, servesHttp, servicesOf } from './services.ts'

export interface Described {
  /** The content of parity.yaml. */
  text: string
  /** What was read, relative to the project. */
  read: string[]
  /** What could not be used, and why. */
  left: string[]
}

/** @returns undefined where there is neither a compose file nor a Dockerfile. @throws CommandError of compose */
export async function describeProject(folder: string, schema: string): Promise<Described | undefined> {
  const files = filesOf(folder)
  const composition = await composed(folder, files)
  const dockerfiles = files.filter((file) => /^Dockerfile$/i.test(basename(file)))
  if (!composition && dockerfiles.length === 0) return undefined
  const services = servicesOf(folder, composition?.services ?? dockerfiles.map((file) => serviceOf(folder, file)))
  const name = asName((composition && nameIn(folder, composition.files[0] as string)) ?? basename(folder))
  const charts = files.filter((file) => basename(file) === 'Chart.yaml').map((file) => dirname(file))
  const outermost = charts.filter((chart) => !charts.some((other) => other !== chart && chart.startsWith(`${other}/`)))
  const left: string[] = []
  const chart = await chartIn(folder, outermost, name, services, left)

  const notes: Note[] = [{ path: ['reference'], text: 'The one that the others are judged against.' }]
  const environments: { [name: string]: Json } = {}
  const add = (environment: string, part: { section: Json; notes: Note[] }) => {
    environments[environment] = part.section
    notes.push(...part.notes)
  }
  const composeOf = (environment: string, { files, services }: { files: string[]; services: Found[] }) =>
    add(environment, composeEnvironment(folder, files, services, ['environments', environment]))
  const production =
    composition &&
    (await unlessItFails('The compose file for production is left out, as compose cannot read it', left, () =>
      productionIn(folder, files, composition, services),
    ))
  if (composition) composeOf('development', { files: composition.files, services })
  if (production) composeOf('production', production)
  else add('production', containersEnvironment(folder, services, ['environments', 'production']))
  if (chart) add('helm', kindEnvironment(chart, services, ['environments', 'helm']))
  const everywhere = production ? inBoth(services, production.services) : services
  const questions = questionsAbout(folder, everywhere, healthPathsOf(chart, services))
  notes.push(...questions.notes)

  const head = [
    ` yaml-language-server: $schema=${schema}`,
    ' Written by `parity init`. Comments that begin with "Guess" are worth a look; `parity config` checks what you change.',
    ...left.map((line) => ` ${line}`),
  ].join('\n')
  const data = { version: 1, project: name, reference: 'production', environments, ...questions.section }
  const built = (production?.services ?? services).flatMap(({ builds }) => builds?.file ?? [])
  const read = [
    ...new Set([
      ...(composition?.files ?? []),
      ...(production?.files ?? []),
      ...built,
      ...(chart ? [chart.folder] : []),
    ]),
  ]
  return { text: annotated(data, notes, head), read, left }
}

const NOT_OF_THE_PROJECT = new Set([
  'node_modules',
  '.git',
  '.devcontainer',
  '.venv',
  'venv',
  '__pycache__',
  'dist',
  'build',
  '.parity',
])
const MAX_DEPTH = 4

/** Outer ones first. */
function filesOf(folder: string): string[] {
  const found: string[] = []
  let level = [folder]
  for (let depth = 0; depth <= MAX_DEPTH && level.length; depth++) {
    const entries = level.flatMap((at) => readdirSync(at, { withFileTypes: true }))
    found.push(
      ...entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .sort(),
    )
    level = entries
      .filter((entry) => entry.isDirectory() && !NOT_OF_THE_PROJECT.has(entry.name))
      .map(({ parentPath, name }) => join(parentPath, name))
  }
  return found.map((file) => relative(folder, file))
}

/** A Dockerfile without a compose file: one service that serves what it exposes. */
function serviceOf(folder: string, file: string): ComposeService {
  const build = buildOf(file)
  const name = asName(build.context === '.' ? basename(folder) : basename(build.context))
  const bare = { profiles: [], command: [], environment: {}, healthCheck: [], volumes: {}, dependsOn: {} }
  return { name, build, ports: [], published: false, ...bare }
}

function composeEnvironment(
  folder: string,
  files: string[],
  services: Found[],
  at: Path,
): { section: Json; notes: Note[] } {
  const profiles = [...new Set(services.flatMap(({ profiles }) => profiles))]
  const lasting = services.filter(({ oneOff }) => !oneOff)
  const renamed = lasting.filter(({ role, name }) => role !== name)
  const ports = lasting.filter((service) => servesHttp(service) && (!service.published || service.ports.length > 1))
  const like = lasting.find(({ role }) => role === 'web') ?? lasting[0]
  const migration = like && !migrates(folder, services) ? migrationOf(folder, like) : undefined
  const section = {
    kind: 'compose',
    file: files.length === 1 ? (files[0] as string) : files,
    ...(profiles.length && { profiles }),
    ...(renamed.length && { services: Object.fromEntries(renamed.map(({ role, name }) => [role, name])) }),
    ...(ports.length && {
      ports: Object.fromEntries(ports.map(({ role, ports, port }) => [role, (ports[0] ?? port) as number])),
    }),
    ...(migration && { steps: { migrate: migration } }),
  }
  const notes = [
    {
      path: [...at, 'profiles'],
      text: 'Those of what the project builds and stores; tools for developers are left out.',
    },
    { path: [...at, 'services'], text: 'Role to compose service. Guess: by images, commands and published ports.' },
    {
      path: [...at, 'ports'],
      text: 'Guess: the port that speaks HTTP, where there are several or it is not published.',
    },
    {
      path: [...at, 'steps'],
      text: 'Guess: done by hand before, as nothing in the compose file migrates the database.',
    },
  ]
  return { section, notes }
}

async function chartIn(
  folder: string,
  charts: string[],
  name: string,
  services: Found[],
  left: string[],
): Promise<Chart | undefined> {
  const [first, ...others] = charts
  if (first === undefined) return undefined
  if (others.length) left.push(`Charts that are not in here: ${others.join(', ')}.`)
  const variables = services.flatMap(({ environment }) => Object.entries(environment))
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  // What a chart requires is often known to the compose file under a longer name.
  const secretFor = (path: string) =>
    variables.find(([variable]) => letters(variable).endsWith(letters(path.split('.').at(-1) as string)))?.[1] ??
    'for-parity-checks-only-0123456789'
  return unlessItFails(`The chart ${first} is left out, as it cannot be rendered`, left, () =>
    readChart(folder, first, name, secretFor),
  )
}

/** @param left gets what is told of a failure, with the last line of what a command has said */
async function unlessItFails<T>(told: string, left: string[], make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make()
  } catch (error) {
    const { message } = error as Error
    left.push(`${told}: ${message.slice(message.lastIndexOf('\n') + 1).replace(/^ *\| ?/, '')}`)
    return undefined
  }
}

/** Of each role that has no health path of its own: what the chart's probes ask. */
function healthPathsOf(chart: Chart | undefined, services: Found[]): Map<string, string> {
  const paths = new Map<string, string>()
  for (const { name, container } of chart?.workloads ?? []) {
    const probe = container.readinessProbe ?? container.livenessProbe ?? container.startupProbe
    const service = services.find(
      (each) => name === each.role || name.endsWith(`-${each.role}`) || name.endsWith(`-${each.name}`),
    )
    if (probe?.httpGet?.path && service) paths.set(service.role, probe.httpGet.path)
  }
  return paths
}
