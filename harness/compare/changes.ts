/** What two reports of the same project do not have in common. */
import type { Difference, Report } from '../model.ts'
import { equal } from './json.ts'

export interface Change {
  what: 'appeared' | 'gone' | 'changed'
  environment: string
  probe: string
  /** Empty for what is said of a whole answer. */
  pointer: string
  before?: Pick<Difference, 'verdict' | 'reference' | 'candidate'>
  after?: Pick<Difference, 'verdict' | 'reference' | 'candidate'>
}

/** Place by place, accepted ones too: in the order of the later report, then what is gone. */
export function changesBetween(before: Report, after: Report): Change[] {
  const [was, is] = [placesOf(before), placesOf(after)]
  const changes: Change[] = []
  for (const [key, place] of is) {
    const old = was.get(key)
    const what = !old ? 'appeared' : equal(valuesOf(old.place), valuesOf(place.place)) ? undefined : 'changed'
    if (what) changes.push({ what, ...place.where, ...(old && { before: old.place }), after: place.place })
  }
  for (const [key, { where, place }] of was) if (!is.has(key)) changes.push({ what: 'gone', ...where, before: place })
  return changes
}

function placesOf({ results }: Report) {
  const places = results.flatMap(({ environment, probe, verdict, reason, differences }) => [
    ...(reason === undefined ? [] : [{ where: { environment, probe, pointer: '' }, place: { verdict } }]),
    ...differences.map(({ pointer, verdict, ...difference }) => ({
      where: { environment, probe, pointer },
      place: { verdict, ...sidesOf(difference) },
    })),
  ])
  return new Map(
    places.map((one) => [JSON.stringify([one.where.environment, one.where.probe, one.where.pointer]), one]),
  )
}

type Sides = Pick<Difference, 'reference' | 'candidate'>

function sidesOf({ reference, candidate }: Sides): Sides {
  return { ...(reference !== undefined && { reference }), ...(candidate !== undefined && { candidate }) }
}

function valuesOf({ verdict, reference = '(absent)', candidate = '(absent)' }: Sides & { verdict: string }) {
  return { verdict, reference, candidate }
}
