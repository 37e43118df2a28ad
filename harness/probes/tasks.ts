/** Tasks on their way: sent by the publisher, followed to their end, their results read by a second process. */
import { equal, isError } from '../compare/json.ts'
import type { CeleryConfig, CeleryTask, ParityFile } from '../config/schema.ts'
import type { Environment, Json, Probe } from '../model.ts'
import { askCelery } from './celery-script.ts'
import { putUnique } from './error.ts'
import { find } from './inside.ts'
import { rolesOf } from './nodes.ts'

/** Around the tasks themselves: listening, asking the workers, and what comes after the last end. */
const AROUND_SECONDS = 30

/** What inside/tasks.py says of a task. */
export interface Followed {
  [fact: string]: Json
  id: string
  takers: string[]
  ranIn: string[]
  stored: { [fact: string]: Json }
}

export function tasksProbe({ celery }: ParityFile): Probe | null {
  const tasks = celery && named(celery)
  if (!tasks || Object.keys(tasks).length === 0) return null
  return {
    name: 'tasks',
    question: 'Where does each task go, who runs it and how often, how does it end, and can others read its result?',
    effect: 'reads',
    observe: async (environment, signal) => {
      const publisher = find(environment, celery.publisher)
      const patience = AROUND_SECONDS + Math.max(...Object.values(tasks).map(({ withinSeconds }) => withinSeconds))
      const followed = (await askCelery(publisher, celery, 'tasks', { tasks }, signal, patience)) as {
        [name: string]: Followed | { $error: string }
      }
      const ids = Object.values(followed).flatMap((one) => (isError(one) ? [] : [(one as Followed).id]))
      const again = (await askCelery(publisher, celery, 'results', { ids }, signal)) as { [id: string]: Json }
      return Object.fromEntries(
        Object.entries(followed).map(([name, one]) => [
          name,
          isError(one) ? one : describe(one as Followed, tasks[name] as CeleryTask, again, environment),
        ]),
      )
    },
  }
}

/** By the name that each has in the report; the task of the round trip is followed too. */
export function named({ roundTrip, tasks }: CeleryConfig): { [name: string]: CeleryTask } {
  const byName = {}
  const first: CeleryTask[] = roundTrip ? [{ ...roundTrip, compareResult: true }] : []
  for (const task of [...first, ...tasks]) putUnique(byName, task.name ?? task.task, task)
  return byName
}

/** What is the same each time: nodes are told by their roles, the task's id is left out. */
export function describe(
  { id, takers, ranIn, stored, ...facts }: Followed,
  { compareResult }: Pick<CeleryTask, 'compareResult'>,
  again: { [id: string]: Json },
  environment: Environment,
): Json {
  return {
    ...facts,
    takers: rolesOf(takers, environment),
    ranIn: rolesOf(ranIn, environment),
    stored: compareResult || stored.result === undefined ? stored : { ...stored, result: typeOf(stored.result) },
    // What an eager task returned was never stored.
    readableByOthers: facts.eager === true ? false : equal(stored, again[id] ?? null),
  }
}

function typeOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}
