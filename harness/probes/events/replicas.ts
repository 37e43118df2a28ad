/** Two of a role instead of one: do they agree, and do they stand a crowd? */
import type { ParityFile } from '../../config/schema.ts'
import type { Json, Probe, Role, Service } from '../../model.ts'
import { observed } from '../error.ts'
import { askReady, done, eventProbe, type Scene, withService } from './around.ts'

const REPLICAS = 2
/** At once, to each replica: more than a development server has threads, far less than a test of its speed would send. */
const CROWD = 20

export function replicasProbe(settings: ParityFile): Probe | null {
  if (!settings.events?.replicas.length) return null
  const question = 'Do two of a role serve as one does?'
  return eventProbe(settings, 'replicas', 6, question, async (scene) => {
    const { config, environment, signal } = scene
    let askOf = environment
    const scaled: { [role: Role]: Json } = {}
    for (const role of config.events.replicas) {
      scaled[role] = await done(environment, signal, async () => {
        const replicas = await environment.scale(role, REPLICAS)
        const other = replicas.at(-1) as Service
        if (!other.baseUrl) return true
        askOf = withService(askOf, other)
        return { answers: await crowd(scene, replicas) }
      })
    }
    const undo = async () => {
      for (const role of config.events.replicas) await environment.scale(role, 1)
    }
    return { seen: { scaled }, askOf, undo }
  })
}

/** How often each status came, all requests sent at once. */
async function crowd({ config, environment, signal }: Scene, replicas: Service[]): Promise<Json> {
  const { events } = config
  const requests = replicas.flatMap((replica) => Array.from({ length: CROWD }, () => replica))
  const answers = await Promise.all(
    requests.map((replica) =>
      observed(async () => {
        const asked = { ...config, events: { ...events, ready: { ...events.ready, role: replica.role } } }
        return askReady({ config: asked, environment: withService(environment, replica), signal })
      }),
    ),
  )
  const counts: { [status: string]: Json } = {}
  for (const answer of answers) {
    const key = typeof answer === 'number' ? String(answer) : JSON.stringify(answer)
    counts[key] = ((counts[key] as number) ?? 0) + 1
  }
  return counts
}
