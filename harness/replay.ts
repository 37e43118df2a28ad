/** Brings an environment to the moment before a finding. */
import type { JourneyStep, ParityFile } from './config/schema.ts'
import type { Environment, Finding } from './model.ts'
import { Journey } from './probes/journey.ts'
import { messageOf } from './probes/message.ts'
import type { Message } from './probes/request.ts'

/** What has to be done again before a finding can be seen, in words, and the request that shows it. */
export interface Replay {
  what: string
  /** Does it in one environment. @returns the request that comes next; @throws ObservableError when it cannot be sent */
  run(environment: Environment, signal: AbortSignal): Promise<Message>
}

/** @returns undefined for a finding that no request shows: it is there as soon as the environment is up */
export function replayOf(config: ParityFile, { members }: Finding): Replay | undefined {
  for (const { probe, pointer } of members) {
    const asked = first(pointer)
    const steps = config.journeys[probe.replace(/^journey\//, '')]
    const index = steps?.findIndex(({ name }) => name === asked) ?? -1
    if (probe.startsWith('journey/') && steps && index >= 0) {
      return {
        what: `${probe} up to the step before "${asked}" (${index} of ${steps.length} steps)`,
        run: async (environment, signal) => {
          const journey = new Journey(config, signal)
          for (const step of steps.slice(0, index)) await journey.take(step, environment)
          return journey.next(steps[index] as JourneyStep, environment)
        },
      }
    }
    const request = probe === 'http' ? config.http?.requests[asked] : undefined
    if (request) {
      return {
        what: `nothing: the request "${asked}" shows it`,
        run: async (environment) => messageOf(request, config.http?.headers ?? {}, { environment }),
      }
    }
  }
  return undefined
}

/** The first token of a JSON Pointer (RFC 6901). */
function first(pointer: string): string {
  return (pointer.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~')
}

/** As a person types it. */
export function asCurl({ method, url, headers, body }: Message): string {
  const words = ['curl', '-i', ...(method === 'HEAD' ? ['--head'] : method === 'GET' ? [] : ['-X', method])]
  words.push(quoted(url), ...Object.entries(headers).flatMap(([name, value]) => ['-H', quoted(`${name}: ${value}`)]))
  if (body !== undefined) words.push('--data-raw', quoted(String(body)))
  return words.join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
