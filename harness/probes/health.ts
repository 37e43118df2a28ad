/** The platform's own checks of each service, run as the platform runs them. */
import type { HealthCheck, Instance, Json, Probe, Role, Service } from '../model.ts'
import { observed } from './error.ts'

export function healthProbe(): Probe {
  return {
    name: 'health',
    question: "Does the platform watch each role, and do the platform's own checks pass?",
    effect: 'reads',
    // One after the other: a check has to end in time, also where the machine is a small one.
    observe: async (environment) => {
      const answers: { [role: Role]: Json } = {}
      for (const service of Object.values(environment.services)) {
        const { role } = service
        answers[role] = await observed(async () =>
          describe(service, await environment.checkHealth(role), await environment.instances(role)),
        )
      }
      return answers
    },
  }
}

/** Which checks there are is the platform's choice: one may be enough in one place. Whether they pass is not. */
function describe({ ownImage }: Service, checks: HealthCheck[], instances: Instance[]): Json {
  const failing = checks.filter(({ passes }) => !passes)
  return {
    // A database is often the platform's, or only a stand-in for it.
    ...(ownImage && { isWatched: checks.length > 0 }),
    failing: Object.fromEntries(failing.map(({ name, check, output }) => [name, { check, output: lastLine(output) }])),
    restarts: restartsOf(instances),
  }
}

/** What it ended with says more than how often: a service that waited for a neighbour, or one that failed. */
function restartsOf(instances: Instance[]): Json {
  const count = restartCount(instances)
  const exitCodes = instances.flatMap(({ restarts, exitCode }) => (restarts > 0 ? (exitCode ?? []) : []))
  return count === 0 ? 0 : { count, exitCodes: [...new Set(exitCodes)] }
}

export function restartCount(instances: Instance[]): number {
  return instances.reduce((sum, { restarts }) => sum + restarts, 0)
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}
