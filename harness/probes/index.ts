/** The probes that a project's parity.yaml asks for. */
import type { ParityFile } from '../config/schema.ts'
import type { NotAsked, Probe } from '../model.ts'
import { assetsProbe } from './assets.ts'
import { beatProbe } from './beat.ts'
import { celeryProbe } from './celery.ts'
import { dataProbe } from './data.ts'
import { eventProbes } from './events/index.ts'
import { healthProbe } from './health.ts'
import { httpProbe } from './http.ts'
import { journeyProbes } from './journey.ts'
import { openapiProbe } from './openapi/index.ts'
import { packagesProbe } from './packages.ts'
import { processProbe } from './process.ts'
import { rowsProbe } from './rows.ts'
import { settingsProbe } from './settings.ts'
import { sharedProbe } from './shared.ts'
import { tasksProbe } from './tasks.ts'

/** Each family, and the section of parity.yaml that it needs. */
const FAMILIES: { name: string; section?: string; probes: (settings: ParityFile) => (Probe | null)[] }[] = [
  { name: 'process', section: 'process', probes: (settings) => [processProbe(settings)] },
  { name: 'settings', section: 'settings', probes: (settings) => [settingsProbe(settings)] },
  { name: 'packages', section: 'packages', probes: (settings) => [packagesProbe(settings)] },
  { name: 'data', section: 'data', probes: (settings) => [dataProbe(settings)] },
  { name: 'celery', section: 'celery', probes: (settings) => [celeryProbe(settings)] },
  { name: 'tasks', section: 'celery.tasks', probes: (settings) => [tasksProbe(settings)] },
  { name: 'beat', section: 'celery', probes: (settings) => [beatProbe(settings)] },
  { name: 'assets', section: 'assets', probes: (settings) => [assetsProbe(settings)] },
  { name: 'http', section: 'http', probes: (settings) => [httpProbe(settings)] },
  // Last of those that read: a check has to end in time.
  { name: 'health', probes: () => [healthProbe()] },
  { name: 'journey', section: 'journeys', probes: journeyProbes },
  // Works while `tasks`, which goes beside it, waits.
  { name: 'data/shared', section: 'data.shared and no data.cache', probes: (settings) => [sharedProbe(settings)] },
  // What the ones before it have written.
  { name: 'data/rows', section: 'data.postgres.rows', probes: (settings) => [rowsProbe(settings)] },
  // Last of those that write: what it sends is less predictable than what a project has written down.
  { name: 'openapi', section: 'openapi', probes: (settings) => [openapiProbe(settings)] },
  { name: 'event', section: 'events', probes: eventProbes },
]

export function probesFor(settings: ParityFile): Probe[] {
  return FAMILIES.flatMap(({ probes }) => probes(settings)).filter((probe) => probe !== null)
}

/** The families that do not apply to a project, each with the reason. */
export function notApplicable(settings: ParityFile): NotAsked[] {
  return FAMILIES.filter(({ probes }) => probes(settings).every((probe) => probe === null)).map(
    ({ name, section }) => ({
      probe: name,
      reason: `does not apply: parity.yaml has no ${section}`,
    }),
  )
}
