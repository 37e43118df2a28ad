/** Every role of the project is killed, as when a machine or its memory gives out, and comes back. */
import type { ParityFile } from '../../config/schema.ts'
import type { Probe } from '../../model.ts'
import { rolesOf } from '../inside.ts'
import { each, eventProbe } from './around.ts'
import { withTaskInFlight } from './in-flight.ts'

export function killProbe(settings: ParityFile): Probe | null {
  const question = 'Does each role come back when it was killed, and is what it was doing done in the end?'
  return eventProbe(settings, 'kill', 2, question, (scene) =>
    withTaskInFlight(scene, async () => {
      const { environment } = scene
      const back = await each(scene, rolesOf(environment, 'own'), async (role) => {
        await environment.kill(role)
        await environment.start(role)
        return true
      })
      return { seen: { back } }
    }),
  )
}
