import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { interruption } from '../../harness/cli/exit.ts'
import { type Config, loadConfig } from '../../harness/config/load.ts'
import type { Recording } from '../../harness/model.ts'
import { checkStatic } from '../../harness/static/check.ts'
import type { Defect } from './defect.ts'
import { type Asked, type Healthy, healthy } from './healthy.ts'
import { application, plantedCopy, type Seen, see } from './plant.ts'
import { type Reported, type Score, scoreOf, scoreOfReading, scoreOfStart } from './score.ts'
import { closing, write } from './table.ts'

/**
 * Declares a test for each defect, and writes what they have shown to `.parity/`. To be awaited.
 * @param among environments that there are to hold beside a planted one; default: all
 */
export async function reportsDefects(defects: Defect[], among?: string[]): Promise<void> {
  const config = await loadConfig(application)
  const { reference, environments } = config.settings
  const candidates = (among ?? Object.keys(environments)).filter((name) => name !== reference)
  /** The reference, or every candidate where that one is planted. */
  const besides = ({ environment }: Defect) => (environment === reference ? candidates : [reference])

  const interrupted = interruption()
  const scores: Score[] = []
  let references: Healthy

  beforeAll(async () => {
    const wanted: Asked = new Map()
    for (const defect of defects) {
      // Where a planted environment does not start there is nothing to hold beside a healthy one.
      for (const name of defect.probes.length ? besides(defect) : []) {
        wanted.set(name, new Set([...(wanted.get(name) ?? []), ...defect.probes]))
      }
    }
    references = await healthy(config, wanted, interrupted)
  })
  afterAll(() => {
    scores.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
    write(scores, join(import.meta.dirname, '../../.parity'))
    console.log(closing(scores).join('\n'))
  })

  for (const defect of defects) {
    const { id, title, environment } = defect
    test.concurrent(`${id} ${title}`, async ({ signal }) => {
      const started = performance.now()
      const others = besides(defect).flatMap((name) => references[name] ?? [])
      const reported = await plant(defect, others, AbortSignal.any([signal, interrupted]))
      const seconds = (performance.now() - started) / 1000
      scores.push({ id, title, environment, ...reported, seconds })
      const { behaviour, reading, sentence } = reported
      expect({ behaviour, reading }, sentence).toEqual(due(defect, reading))
    })
  }
}

/** What is read beyond what must be is welcome. */
function due(
  { expect, missed, static: readable }: Defect,
  reading: Score['reading'],
): Pick<Score, 'behaviour' | 'reading'> {
  if (expect === 'same') return { behaviour: 'same', reading: 'same' }
  const read = readable === true ? 'detected' : typeof readable === 'string' ? 'missed' : reading
  return { behaviour: missed ? 'missed' : 'detected', reading: read }
}

type Outcome = Reported & Pick<Score, 'reading'>

async function plant(defect: Defect, others: Seen[], signal: AbortSignal): Promise<Outcome> {
  await using copy = await plantedCopy(defect)
  let config: Config
  try {
    config = await loadConfig(copy.directory)
  } catch (error) {
    return { ...scoreOfStart(defect, (error as Error).message), reading: scoreOfReading(defect, null) }
  }
  const { verdict } = await checkStatic(config, { signal })
  return { ...(await behaviourOf(defect, config, others, signal)), reading: scoreOfReading(defect, verdict) }
}

async function behaviourOf(defect: Defect, config: Config, others: Seen[], signal: AbortSignal): Promise<Reported> {
  const { reference: name } = config.settings
  const reference = others.find(({ environments }) => environments[0]?.name === name)
  try {
    const planted = await see(config, defect.environment, defect.probes, signal, reference)
    return scoreOf(defect, recordingOf(config, planted, others), config.accepted)
  } catch (error) {
    signal.throwIfAborted()
    return scoreOfStart(defect, (error as Error).message)
  }
}

/** The planted environment beside healthy ones, with only the probes that were asked of it. */
function recordingOf({ settings }: Config, planted: Seen, others: Seen[]): Recording {
  const all = [planted, ...others]
  const asked = new Set(planted.observations.map(({ probe }) => probe))
  return {
    project: settings.project,
    reference: settings.reference,
    date: new Date().toISOString().slice(0, 10),
    environments: all.flatMap(({ environments }) => environments),
    observations: all.flatMap(({ observations }) => observations).filter(({ probe }) => asked.has(probe)),
    casualties: all.flatMap(({ casualties }) => casualties),
    notAsked: [],
  }
}
