/**
 * What the harness costs beside the same by hand: `npm run bench [-- PROJECT]`.
 * Seconds to ready and to gone of each environment, seconds of each probe, peak memory. Medians, images warm.
 */
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { loadConfig } from '../harness/config/load.ts'
import type { EnvironmentSpec } from '../harness/config/schema.ts'
import { stopwatch } from '../harness/environments/stopwatch.ts'
import { exec } from '../harness/exec.ts'
import type { Environment, Report } from '../harness/model.ts'
import { redactor } from '../harness/secrets.ts'
import { startEnvironments } from '../harness/start.ts'
import type { ByHand } from './bench/by-hand.ts'
import { composeByHand } from './bench/compose.ts'
import { containersByHand } from './bench/containers.ts'

const ROUNDS = 3
const GOALS = { compose: { ready: 1.05, gone: 1.1 }, containers: { ready: 1.15, gone: 1.1 } }
const OUTPUT = '.parity'

type Kind = keyof typeof GOALS
interface Seconds {
  ready: number
  gone: number
}
interface Row {
  environment: string
  what: keyof Seconds
  harness: number
  byHand: number
  ratio: number
  goal: number
}

const config = await loadConfig(process.argv[2] ?? 'fixtures/manifest-tracker')
const { project, secrets } = config.settings
// Without sample data: by hand none is loaded either.
const bare = { ...config, settings: { ...config.settings, prepare: [] } }
const specs = Object.entries(config.settings.environments).filter(([, { kind }]) => kind in GOALS)
const say = (text: string) => console.error(text)

const starts: (Row & { rounds: { harness: Seconds; byHand: Seconds }[] })[] = []
for (const [name, spec] of specs) {
  const { environment } = await withHarness(name) // warms the images
  await using hand = await byHand(spec, environment)
  const rounds: { harness: Seconds; byHand: Seconds }[] = []
  for (let number = 1; number <= ROUNDS; number++) {
    say(`${name}, round ${number} of ${ROUNDS}, load ${loadavg()[0]?.toFixed(1)}`)
    rounds.push({ harness: (await withHarness(name)).seconds, byHand: await timed(hand) })
  }
  for (const what of ['ready', 'gone'] as const) {
    const harness = median(rounds.map((round) => round.harness[what]))
    const byHand = median(rounds.map((round) => round.byHand[what]))
    const ratio = Math.round((harness / byHand) * 100) / 100
    starts.push({ environment: name, what, harness, byHand, ratio, goal: GOALS[spec.kind as Kind][what], rounds })
  }
}
console.table(starts.map(({ rounds, ...row }) => row))

const whole = await wholeRun(specs.map(([name]) => name))
console.table(whole.probes)
console.log(`verdict ${whole.verdict} in ${whole.seconds} s, peak memory of the harness ${whole.peakMegabytes} MB`)
await writeFile(join(OUTPUT, 'bench.json'), `${JSON.stringify({ starts, whole }, null, 2)}\n`)

/** One start and end by the harness. Its own time to ready leaves builds out, as `--no-build` does by hand. */
async function withHarness(name: string): Promise<{ environment: Environment; seconds: Seconds }> {
  const started = await startEnvironments(bare, [name], {
    redactor: redactor(project, secrets),
    signal: new AbortController().signal,
    progress: () => {},
  })
  const elapsed = stopwatch()
  await started.down()
  const environment = started.environments[0] as Environment
  return { environment, seconds: { ready: environment.readySeconds, gone: elapsed() } }
}

function byHand(spec: EnvironmentSpec, { services }: Environment): Promise<ByHand> | ByHand {
  if (spec.kind === 'compose') return composeByHand(spec, config.directory)
  if (spec.kind !== 'containers') throw new Error(`nobody starts ${spec.kind} by hand here`)
  const built = Object.entries(spec.services).map(([role, { image }]) => [image ?? '', services[role]?.image ?? ''])
  return containersByHand(spec, Object.fromEntries(built))
}

async function timed(hand: ByHand): Promise<Seconds> {
  const untilReady = stopwatch()
  await hand.up()
  const ready = untilReady()
  const untilGone = stopwatch()
  await hand.down()
  return { ready, gone: untilGone() }
}

/** A run as a person starts it. */
async function wholeRun(names: string[]) {
  const output = resolve(OUTPUT, 'bench')
  const main = join(import.meta.dirname, '../harness/cli/main.ts')
  const elapsed = stopwatch()
  let pid = 0
  let peakMegabytes = 0
  await exec([process.execPath, main, 'check', config.file, '--environments', names.join(), '--output', output], {
    accept: [1],
    onStart: (started) => {
      pid = started
    },
    onLine: (line) => {
      say(line)
      peakMegabytes = peakMegabytesOf(pid) ?? peakMegabytes
    },
  })
  const seconds = elapsed()
  const report: Report = JSON.parse(await readFile(join(output, 'report.json'), 'utf8'))
  const probes = report.recording.observations.map(({ probe, environment, seconds }) => ({
    probe,
    environment,
    seconds,
  }))
  return { seconds, verdict: report.verdict, probes, peakMegabytes }
}

/** What the kernel has noted as the most that a process has used so far (proc(5)); nothing when it has ended. */
function peakMegabytesOf(pid: number): number | undefined {
  try {
    return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
  } catch {
    return undefined
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
