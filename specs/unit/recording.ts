/** Recordings for tests of what judges them. */
import type { Environment, Json, Observation, Recording, Service } from '../../harness/model.ts'

export function service(role: string, changes: Partial<Service> = {}): Service {
  return {
    role,
    baseUrl: null,
    port: null,
    exec: [],
    shell: [],
    logs: [],
    aliases: [role],
    image: role,
    imageId: `sha256:${'0'.repeat(64)}`,
    provenance: 'made up',
    ownImage: true,
    ...changes,
  }
}

export function environment(name: string, services: Service[] = []): Environment {
  return {
    name,
    kind: 'fake',
    id: name,
    startedAt: '2026-01-01T00:00:00Z',
    readySeconds: 0,
    buildSeconds: 0,
    services: Object.fromEntries(services.map((each) => [each.role, each])),
    vars: {},
    handle: null,
  }
}

export function observation(environment: string, value: Json, changes: Partial<Observation> = {}): Observation {
  return { probe: 'question', environment, seconds: 0, value, ...changes }
}

/** A reference called production, observed twice, and a candidate called development. */
export function recording(first: Json, second: Json, candidate: Json, changes: Partial<Recording> = {}): Recording {
  return {
    project: 'test',
    reference: 'production',
    date: '2026-06-01',
    environments: [environment('production'), environment('development')],
    observations: [
      observation('production', first),
      observation('production', second),
      observation('development', candidate),
    ],
    casualties: [],
    notAsked: [],
    ...changes,
  }
}

/** The same with any number of observations of each side, a second apart, in the order of the lists. */
export function recordingOf(references: Json[], candidates: Json[], changes: Partial<Recording> = {}): Recording {
  const timed = (environment: string, values: Json[]) =>
    values.map((value, second) => observation(environment, value, { startedAt: `2026-06-01T00:00:0${second}Z` }))
  const observations = [...timed('production', references), ...timed('development', candidates)]
  return recording(null, null, null, { observations, ...changes })
}
