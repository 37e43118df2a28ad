/** The probes that a project's parity.yaml asks for. */
import type { ParityFile } from '../config/schema.ts'
import type { Probe } from '../model.ts'
import { assetsProbe } from './assets.ts'
import { celeryProbe } from './celery.ts'
import { dataProbe } from './data.ts'
import { httpProbe } from './http.ts'
import { journeyProbes } from './journey.ts'
import { packagesProbe } from './packages.ts'
import { processProbe } from './process.ts'

export function probesFor(settings: ParityFile): Probe[] {
  return [
    processProbe(settings),
    packagesProbe(settings),
    dataProbe(settings),
    celeryProbe(settings),
    assetsProbe(settings),
    httpProbe(settings),
    ...journeyProbes(settings),
  ].filter((probe) => probe !== null)
}
