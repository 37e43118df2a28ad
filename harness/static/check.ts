/** `parity check --static`: the contracts of all environments, asked and judged like what was seen. Starts nothing. */
import { judge } from '../compare/judge.ts'
import type { Config } from '../config/load.ts'
import type { Environment, Observation, Recording, Report, Service } from '../model.ts'
import { reportOf } from '../report/report.ts'
import { redactor as makeRedactor, type Redactor } from '../secrets.ts'
import { isNamedBy } from '../selection.ts'
import type { Contract, Declared } from './contract.ts'
import { remembered, textFilesIn } from './files.ts'
import { questions } from './questions/index.ts'
import type { Project } from './questions/question.ts'
import { readContract } from './read.ts'
import { sourcesOf } from './sources/index.ts'

export interface StaticOptions {
  /** Environments beside the reference; default: all. */
  environments?: string[]
  /** Names of questions (`static/image`), or `static` for all of them; default: all. */
  only?: string[]
  skip?: string[]
  signal?: AbortSignal
}

/** An environment whose files cannot be understood has answers that say so; the results are `unknown` then. */
export async function checkStatic(config: Config, options: StaticOptions = {}): Promise<Report> {
  const { settings } = config
  const redactor = makeRedactor(settings.project, settings.secrets)
  const signal = options.signal ?? new AbortController().signal
  const names = [...new Set([settings.reference, ...(options.environments ?? Object.keys(settings.environments))])]
  const startedAt = new Date().toISOString()
  const sources = await sourcesOf(config, names, signal)
  const readings = await Promise.all(names.map((name) => reading(config, name, { redactor, signal })))
  signal.throwIfAborted()
  const contracts = readings.flatMap(({ contract }) => contract ?? [])
  const { only, skip } = options
  const asked = questions.filter(
    (question) => (!only || isNamedBy(only, question)) && !(skip && isNamedBy(skip, question)),
  )
  const project = projectOf(config, contracts, redactor)
  const recording: Recording = redactor.json({
    project: settings.project,
    reference: settings.reference,
    date: startedAt.slice(0, 10),
    environments: readings.map(({ name, contract }) => environmentOf(config, name, contract, startedAt)),
    observations: readings.flatMap((reading) => asked.map((question) => answer(question, reading, project))),
    casualties: [],
    sources,
    notAsked: questions
      .filter((question) => !asked.includes(question))
      .map(({ name }) => ({ probe: name, reason: 'left out of this run' })),
  })
  return reportOf(recording, judge(recording, config.accepted))
}

interface Reading {
  name: string
  contract?: Contract
  failure?: string
}

async function reading(
  config: Config,
  name: string,
  context: { redactor: Redactor; signal: AbortSignal },
): Promise<Reading> {
  try {
    return { name, contract: await readContract(config, name, context) }
  } catch (error) {
    return { name, failure: (error as Error).message }
  }
}

function answer(
  question: (typeof questions)[number],
  { name, contract, failure }: Reading,
  project: Project,
): Observation {
  const start = performance.now()
  const value = contract ? question.ask(contract, project) : null
  const seconds = Math.round(performance.now() - start) / 1000
  return {
    probe: question.name,
    environment: name,
    basis: 'read',
    seconds,
    value,
    ...(failure !== undefined && { failure }),
  }
}

function projectOf({ settings, directory }: Config, contracts: Contract[], redactor: Redactor): Project {
  const reference = contracts.find(({ environment }) => environment === settings.reference)
  const roles = Object.entries(reference?.roles ?? {})
  // What one environment keeps in a Secret no other one's answer shows either.
  const all = contracts
    .flatMap(({ roles }) => Object.values(roles))
    .flatMap(({ variables }) => Object.entries(variables))
  const kept = new Set(all.filter(([, { secret }]) => secret).map(([name]) => name))
  const isSecret = (name: string) => kept.has(name) || redactor.isSecretName(name)
  for (const [name, { value }] of all) if (value !== undefined && isSecret(name)) redactor.learn(value)
  const files = remembered(textFilesIn)
  const text = remembered((context) => [...files(context).values()].join('\n'))
  return {
    ownRoles: roles.filter(([, { image }]) => image.build).map(([role]) => role),
    roles: roles.map(([role]) => role),
    withoutVariables: settings.process?.withoutVariables ?? [],
    scheduler: settings.celery?.beat,
    isSecret,
    filesIn: files,
    textIn: text,
    directory,
  }
}

/** The judge knows an environment's services by their aliases. */
function environmentOf(
  { settings }: Config,
  name: string,
  contract: Contract | undefined,
  startedAt: string,
): Environment {
  const kind = settings.environments[name]?.kind ?? ''
  const roles = Object.entries(contract?.roles ?? {})
  const services = roles.map(([role, declared]) => [role, serviceOf(role, declared)] as const)
  return {
    name,
    kind,
    id: name,
    startedAt,
    readySeconds: 0,
    buildSeconds: 0,
    services: Object.fromEntries(services),
    vars: settings.environments[name]?.vars ?? {},
    handle: null,
  }
}

function serviceOf(role: string, { aliases, image: { reference, build } }: Declared): Service {
  return {
    role,
    baseUrl: null,
    port: null,
    exec: [],
    shell: [],
    logs: [],
    aliases: [...new Set([role, ...aliases])],
    image: reference,
    imageId: '',
    provenance: build ? `to be built${build.target ? ` (${build.target})` : ''}` : 'ready-made',
    ownImage: build !== undefined,
  }
}
