/** What parity.yaml asks by name: for the report, so that somebody can ask the same by hand. */
import type { ParityFile } from '../config/schema.ts'
import type { AskedRequest } from '../model.ts'

export function requestsOf({ http, journeys }: ParityFile): AskedRequest[] {
  const asked = Object.entries(http?.requests ?? {}).map(([name, request]) => ({ probe: 'http', name, request }))
  const steps = Object.entries(journeys).flatMap(([journey, steps]) =>
    steps.map(({ name, request }) => ({ probe: `journey/${journey}`, name, request })),
  )
  return [...asked, ...steps].map(({ probe, name, request: { role, method, path } }) => ({
    probe,
    name,
    role,
    method,
    path,
  }))
}
