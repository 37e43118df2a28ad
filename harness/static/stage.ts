/** What an image built from one stage of a Dockerfile is, as far as its text says. */
import { posix } from 'node:path'
import { type Dockerfile, execForm, type StageText } from './dockerfile.ts'

export interface Stage {
  name: string
  /** The image at the root of its chain of stages. */
  base: string
  /** Images of every FROM that the build goes through, those it only copies from included. */
  images: string[]
  environment: Record<string, string>
  user?: string
  directory: string
  entrypoint?: Words
  command?: Words
  ports: number[]
  /** What it takes from the build context, by path in the image; later ones win. */
  copies: { from: string; to: string }[]
  /** Undefined when there is none, or it was switched off. */
  healthCheck?: string[]
  /** Commands of RUN in this stage and those it goes on from, and those it copies from. */
  runs: string[]
  /** ARG without a default for which the build is given nothing. */
  missingArguments: string[]
  /** Users and groups that it makes, by number. */
  userIds: Record<string, string>
  groupIds: Record<string, string>
  /** Where each instruction that is in effect stands: `ENV NAME`, `USER`, `CMD`, … */
  lines: Record<string, number>
}

export interface Words {
  argv: string[]
  form: 'exec' | 'shell'
}

/** @returns undefined when there is no such stage. Without a target the last one is built. */
export function stageOf(
  dockerfile: Dockerfile,
  target: string | undefined,
  buildArguments: Record<string, string> = {},
): Stage | undefined {
  const known = target === undefined ? dockerfile.stages.at(-1) : named(dockerfile.stages, target)
  if (!known) return undefined
  const globals: Record<string, string> = {}
  for (const { text } of dockerfile.globals) declare(globals, text, buildArguments)
  const chain = chainOf(dockerfile.stages, known, globals)
  const all = withCopied(dockerfile.stages, chain, globals)
  const stage: Stage = {
    name: known.name ?? String(dockerfile.stages.indexOf(known)),
    base: substitute(chain[0]?.from ?? '', globals),
    images: [],
    environment: {},
    directory: '/',
    ports: [],
    copies: [],
    runs: [],
    missingArguments: [],
    userIds: {},
    groupIds: {},
    lines: {},
  }
  for (const part of all) {
    const from = substitute(part.from, globals)
    if (!named(dockerfile.stages, from)) stage.images.push(from)
    for (const { name, text } of part.instructions) {
      if (name === 'RUN') stage.runs.push(execForm(text)?.join(' ') ?? text)
    }
  }
  for (const part of chain) apply(stage, part, globals, buildArguments)
  stage.missingArguments = all.flatMap((part) => missingIn(part, { ...globals, ...buildArguments }))
  for (const run of stage.runs) accounts(run, stage)
  return stage
}

function apply(
  stage: Stage,
  { instructions, line }: StageText,
  globals: Record<string, string>,
  buildArguments: Record<string, string>,
): void {
  const scope: Record<string, string> = {}
  const fill = (text: string) => substitute(text, { ...scope, ...stage.environment })
  stage.lines.FROM = line
  const ownCommand = instructions.some(({ name }) => name === 'CMD')
  for (const { name, text, flags, line } of instructions) {
    const at = (what: string) => {
      stage.lines[what] = line
    }
    if (name === 'ARG') {
      declare(scope, text, { ...globals, ...buildArguments })
    } else if (name === 'ENV') {
      for (const [variable, value] of pairs(text)) {
        stage.environment[variable] = fill(value)
        at(`ENV ${variable}`)
      }
    } else if (name === 'USER') {
      stage.user = fill(text)
      at(name)
    } else if (name === 'WORKDIR') {
      stage.directory = posix.resolve(stage.directory, fill(text))
      at(name)
    } else if (name === 'COPY' && !flags.some((flag) => flag.startsWith('--from='))) {
      const paths = (execForm(text) ?? text.split(/\s+/)).map(fill)
      const to = paths.pop() ?? ''
      stage.copies.push(...paths.map((from) => copied(from, to, stage.directory)))
    } else if (name === 'ENTRYPOINT') {
      stage.entrypoint = words(text)
      // https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
      if (!ownCommand) stage.command = undefined
      at(name)
    } else if (name === 'CMD') {
      stage.command = words(text)
      at(name)
    } else if (name === 'EXPOSE') {
      stage.ports.push(
        ...fill(text)
          .split(/\s+/)
          .map((port) => Number.parseInt(port, 10))
          .filter(Number.isInteger),
      )
      at(name)
    } else if (name === 'HEALTHCHECK') {
      stage.healthCheck = healthCheck(text)
      at(name)
    }
  }
}

/** A destination that ends in a slash takes the source under its own name, unless that is a folder. */
function copied(from: string, to: string, directory: string): { from: string; to: string } {
  const source = posix.normalize(from).replace(/^\/|\/$/g, '')
  const name = to.endsWith('/') && /\.\w+$/.test(source) ? posix.basename(source) : ''
  return { from: source, to: posix.resolve(directory, to, name) }
}

/** The file of the build context that stands at a path in the image, where its text says so. */
export function sourceOf({ copies, directory }: Stage, path: string): string | undefined {
  const wanted = posix.resolve(directory, path)
  const copy = copies.findLast(({ to }) => wanted === to || wanted.startsWith(`${to.replace(/\/$/, '')}/`))
  return copy && posix.join(copy.from, posix.relative(copy.to, wanted))
}

function missingIn({ instructions }: StageText, given: Record<string, string>): string[] {
  const missing = instructions.flatMap(({ name, text }) => (name === 'ARG' ? declare({}, text, given) : []))
  return missing.filter((name) => !PREDEFINED.test(name))
}

/** Of the builder itself, or of every build that goes through a proxy. */
const PREDEFINED = /^(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)$|_proxy$|_PROXY$/

/** ARG: several in a line, each with a default or not. @returns the names of those that have no value */
function declare(scope: Record<string, string>, text: string, given: Record<string, string>): string[] {
  return pairs(text, true).flatMap(([name, value]) => {
    const known = given[name] ?? (value === undefined ? undefined : substitute(value, scope))
    if (known === undefined) return [name]
    scope[name] = known
    return []
  })
}

function healthCheck(text: string): string[] | undefined {
  const [, command] = /^(?:--\S+\s+)*CMD\s+(.*)$/is.exec(text) ?? []
  return command === undefined ? undefined : words(command).argv
}

function words(text: string): Words {
  const argv = execForm(text)
  return argv ? { argv, form: 'exec' } : { argv: ['/bin/sh', '-c', text], form: 'shell' }
}

/** `A=1 B="two words"`, or the older `A 1`. */
function pairs(text: string, bare?: false): [string, string][]
function pairs(text: string, bare: true): [string, string | undefined][]
function pairs(text: string, bare = false): [string, string | undefined][] {
  const old = /^(\w+)\s+([^=]*)$/s.exec(text)
  if (old && !bare) return [[old[1] as string, (old[2] as string).trim()]]
  const found = text.matchAll(/([\w.-]+)(?:=("(?:\\.|[^"\\])*"|'[^']*'|(?:\\.|[^\s\\])*))?/gs)
  return [...found].flatMap(([, name, value]): [string, string | undefined][] => {
    if (value === undefined) return bare ? [[name as string, undefined]] : []
    const quote = /^(["'])(.*)\1$/s.exec(value)
    return [[name as string, quote ? (quote[2] as string) : value.replace(/\\(.)/g, '$1')]]
  })
}

function substitute(text: string, scope: Record<string, string>): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^}]*))?\})/g,
    (_, plain: string | undefined, braced: string, operator: string | undefined, word: string) => {
      const value = scope[plain ?? braced]
      if (operator?.endsWith('+')) return value ? word : ''
      return value || (operator ? word : (value ?? ''))
    },
  )
}

function named(stages: StageText[], name: string): StageText | undefined {
  return (
    stages.find((stage) => stage.name === name.toLowerCase()) ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined)
  )
}

/** From the stage that begins at an image to the one that is built. */
function chainOf(stages: StageText[], last: StageText, globals: Record<string, string>): StageText[] {
  const earlier = stages.slice(0, stages.indexOf(last))
  const from = earlier.find((stage) => stage.name === substitute(last.from, globals).toLowerCase())
  return from ? [...chainOf(stages, from, globals), last] : [last]
}

function withCopied(stages: StageText[], chain: StageText[], globals: Record<string, string>): StageText[] {
  const all = [...chain]
  for (const part of all) {
    for (const { flags } of part.instructions) {
      const source = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length)
      const copied = source === undefined ? undefined : named(stages, source)
      if (copied) for (const each of chainOf(stages, copied, globals)) if (!all.includes(each)) all.push(each)
    }
  }
  return all
}

/** `useradd --uid 10001 app`, `addgroup -g 10001 app` and the like, in Debian's and Alpine's words. */
function accounts(run: string, stage: Stage): void {
  for (const command of run.split(/&&|;|\|\||\n/)) {
    const words = command.trim().split(/\s+/)
    const tool = words.find((word) => /^(useradd|adduser|groupadd|addgroup)$/.test(word))
    if (!tool) continue
    const ids = /user/.test(tool) ? stage.userIds : stage.groupIds
    const option = /user/.test(tool) ? /^(?:--uid|-u)(?:=|$)/ : /^(?:--gid|-g)(?:=|$)/
    const at = words.findIndex((word) => option.test(word))
    const id = words[at]?.split('=')[1] ?? words[at + 1]
    const name = words.filter((word) => !word.startsWith('-')).at(-1)
    if (at >= 0 && id && /^\d+$/.test(id) && name) ids[name] = id
  }
}
