/** The platform's own checks of each service, run as the platform runs them. */
import type { ParityFile } from '../config/schema.ts'
import type { HealthCheck, Instance, Json, Probe } from '../model.ts'
import { askRoles } from './inside.ts'

export function healthProbe(_: ParityFile): Probe {
  return {
    name: 'health',
    question: "Does the platform watch each role, and do the platform's own checks pass?",
    effect: 'reads',
    observe: (environment) =>
      askRoles(environment, Object.keys(environment.services), async ({ role }) =>
        describe(await environment.checkHealth(role), await environment.instances(role)),
      ),
  }
}

/** Which checks there are is the platform's choice: one may be enough in one place. Whether they pass is not. */
function describe(checks: HealthCheck[], instances: Instance[]): Json {
  const failing = checks.filter(({ passes }) => !passes)
  return {
    isWatched: checks.length > 0,
    failing: Object.fromEntries(failing.map(({ name, check, output }) => [name, { check, output: lastLine(output) }])),
    restarts: instances.reduce((sum, { restarts }) => sum + restarts, 0),
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}
