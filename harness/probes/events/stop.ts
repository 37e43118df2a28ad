/** Every role of the project is stopped as with a new deployment, and started again. */
import type { ParityFile } from '../../config/schema.ts'
import type { Ending, Json, Probe } from '../../model.ts'
import { rolesOf } from '../inside.ts'
import { each, eventProbe } from './around.ts'
import { withTaskInFlight } from './in-flight.ts'

export function stopProbe(settings: ParityFile): Probe | null {
  const question = 'Does each role end by itself when it is asked to, and is what it was doing done all the same?'
  return eventProbe(settings, 'stop', 1, question, (scene) =>
    withTaskInFlight(scene, async () => {
      const { environment } = scene
      const roles = rolesOf(environment, 'own')
      const ended = await each(scene, roles, async (role) => describe(await environment.stop(role)))
      const started = await each(scene, roles, async (role) => {
        await environment.start(role)
        return true
      })
      return { seen: { ended, started } }
    }),
  )
}

/** How long it took is noise, but for one that had to be killed. */
function describe({ exitCode, seconds, graceSeconds }: Ending): Json {
  return { exitCode, tookWholeGrace: seconds >= graceSeconds }
}
