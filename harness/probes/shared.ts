/** What roles share: files that one has written are there for the others, and so is what one has put into the cache. */
import type { ParityFile } from '../config/schema.ts'
import type { ExecResult } from '../exec.ts'
import type { Environment, Json, Probe, Service } from '../model.ts'
import { exchange, type Place } from './exchange.ts'
import { inService } from './inside.ts'
import { askInterpreter } from './interpreter.ts'

type Data = NonNullable<ParityFile['data']>

/** An application is imported first. */
const SLOW = { timeoutSeconds: 120 }
/** Not ASCII, which not every volume takes. */
const EXTENSION = '-Übergabe-廃.txt'

export function sharedProbe({ data }: ParityFile): Probe | null {
  if (!data?.cache && !data?.shared.length) return null
  const { cache, shared } = data
  return {
    name: 'data/shared',
    question: 'What one role has written, do the others find it?',
    effect: 'writes',
    observe: async (environment, signal) => ({
      ...(shared.length > 0 && { files: await files(environment, shared, signal) }),
      ...(cache && { cache: await exchange(environment, cache.roles, cachePlace(cache, signal)) }),
    }),
  }
}

async function files(environment: Environment, shared: Data['shared'], signal: AbortSignal): Promise<Json> {
  const answers = await Promise.all(
    shared.map(async ({ path, roles }) => [path, await exchange(environment, roles, folder(path, signal))] as const),
  )
  return Object.fromEntries(answers)
}

/** Each role reads and writes as its own user. */
function folder(path: string, signal: AbortSignal): Place {
  const file = (name: string) => `${path.replace(/\/$/, '')}/${name}${EXTENSION}`
  return {
    leave: (service, name, value) =>
      inService(service, ['sh', '-c', 'cat >"$0"', file(name)], signal, { input: value }),
    look: (service, names) => printed(names, (name) => inService(service, ['sh', '-c', LOOK, file(name)], signal)),
    remove: (service, name) => inService(service, ['rm', '-f', file(name)], signal),
  }
}

const LOOK = '[ ! -e "$0" ] || cat "$0"'

/** Of each name what a command prints of it: null is nothing. */
function printed(names: string[], ask: (name: string) => Promise<ExecResult>): Promise<Json[]> {
  return Promise.all(names.map(async (name) => (await ask(name)).stdout || null))
}

function cachePlace({ python, command }: NonNullable<Data['cache']>, signal: AbortSignal): Place {
  if (command) {
    return {
      leave: (service, name, value) => inService(service, [...command, 'set', name, value], signal, SLOW),
      look: (service, names) => printed(names, (name) => inService(service, [...command, 'get', name], signal, SLOW)),
    }
  }
  const imported = { python, scripts: ['processes.py', 'cache_app.py'], argument: null }
  const ask = (service: Service, request: Json) =>
    askInterpreter(service, imported, { scripts: ['cache.py'], request, ...SLOW }, signal)
  return {
    leave: (service, name, value) => ask(service, { set: [name, value] }),
    look: async (service, names) => (await ask(service, { get: names })) as Json[],
  }
}
