/** What happens to a deployment in its life, in the order in which it is let happen. */
import type { ParityFile } from '../../config/schema.ts'
import type { Probe } from '../../model.ts'
import { dependenciesProbe } from './dependencies.ts'
import { redeployProbe, reinstallProbe, upgradeProbe } from './deployment.ts'
import { editProbe } from './edit.ts'
import { killProbe } from './kill.ts'
import { replicasProbe } from './replicas.ts'
import { stopProbe } from './stop.ts'

export function eventProbes(settings: ParityFile): (Probe | null)[] {
  return [
    stopProbe,
    killProbe,
    dependenciesProbe,
    redeployProbe,
    upgradeProbe,
    replicasProbe,
    editProbe,
    reinstallProbe,
  ].map((probe) => probe(settings))
}
