import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { equal, isError } from '../compare/json.ts'
import { judge } from '../compare/judge.ts'
import { loadConfig } from '../config/load.ts'
import { type Accepting, withAccepted } from '../config/write-accepted.ts'
import type { Report } from '../model.ts'
import { type Place, placesOf } from '../report/group.ts'
import { reportOf } from '../report/report.ts'
import { Interrupted, UsageError } from './exit.ts'
import { list, refuseUnknown } from './names.ts'
import { lastReport, savedRecording } from './saved-report.ts'

interface Options {
  report?: string
  reason?: string
  only?: string[]
  environments?: string[]
  review: string
}

export function addAccept(program: Command): void {
  program
    .command('accept')
    .description(
      'write differences of the last report into parity.accepted.yaml, each with the reason why it is wanted',
    )
    .argument('[project]', 'folder with parity.yaml, or the file itself', '.')
    .option('--only <what...>', 'a finding (F-3a9c1e), a probe, or a place in it: http/live/status; default: all')
    .option('--environments <names>', 'only what differs in these, separated by commas', list)
    .option('--reason <text>', 'why; without it you are asked for each finding')
    .option(
      '--review <date>',
      'the day by which somebody looks at it again; default: in six months',
      date,
      inSixMonths(),
    )
    .option('--report <file>', 'default: .parity/report.json of the project, or here')
    .addHelpText('after', '\nExample:\n  parity accept --only http/live/status --reason "Development has no cache"')
    .action(async (project: string, options: Options, command: Command) => {
      const { settings, accepted, acceptedFile } = await loadConfig(project)
      refuseUnknown(command, '--environments', options.environments, Object.keys(settings.environments))
      const recording = await savedRecording(options.report ?? (await lastReport(project)))
      // Judged anew: what has been accepted since is not to be accepted again.
      const chosen = choose(reportOf(recording, judge(recording, accepted)), options)
      const accepting = await withReasons(chosen, options)
      const text = existsSync(acceptedFile) ? await readFile(acceptedFile, 'utf8') : ''
      await replace(acceptedFile, withAccepted(text, accepting))
      console.log(
        `${accepting.length} ${accepting.length === 1 ? 'difference' : 'differences'} written into ${relative('.', acceptedFile)}`,
      )
    })
}

interface Chosen {
  environment: string
  sentence: string
  places: Required<Place>[]
}

/** Finding by finding, so that one reason can be given for what has one cause. */
function choose(report: Report, { only, environments }: Options): Chosen[] {
  const findings = report.findings.filter(({ environment }) => environments?.includes(environment) ?? true)
  const missing = only?.find((what) => !findings.some((finding) => placesIn(report, finding, [what]).length > 0))
  if (missing !== undefined) {
    const known = findings.map(({ id, members: [first] }) => `${id} ${first ? first.probe + first.pointer : ''}`)
    throw new UsageError(
      `--only: nothing differs at ${missing}; there is ${known.slice(0, 5).join(', ') || 'no difference at all'}`,
    )
  }
  const chosen = findings.map((finding) => ({ ...finding, places: placesIn(report, finding, only) }))
  const [unclear] = chosen.filter(({ places }) => places.some((place) => !canBePinned(place)))
  const pinned = chosen.map(({ environment, sentence, places }) => ({
    environment,
    sentence,
    places: places.filter(canBePinned),
  }))
  const some = pinned.filter(({ places }) => places.length > 0)
  if (some.length === 0) {
    throw new UsageError(
      unclear
        ? `this cannot be accepted, as it could not be told what it is: ${unclear.sentence}`
        : 'there is no difference to accept',
    )
  }
  return some
}

function placesIn(report: Report, finding: Report['findings'][number], only: string[] | undefined): Place[] {
  const isMeant = ({ probe, pointer }: Place) =>
    !only ||
    only.some(
      (what) =>
        what === finding.id ||
        what === probe ||
        `${probe}${pointer}` === what ||
        `${probe}${pointer}`.startsWith(`${what}/`),
    )
  return placesOf(report, finding).filter(isMeant)
}

/** What is different each time has no values to pin; an error that both sides meet has. */
function canBePinned(place: Place): place is Required<Place> {
  const { difference } = place
  if (!difference) return false
  return (
    difference.verdict === 'different' ||
    (isError(difference.reference) && equal(difference.reference, difference.candidate))
  )
}

async function withReasons(chosen: Chosen[], { reason, review }: Options): Promise<Accepting[]> {
  if (reason === undefined && !process.stdin.isTTY) {
    throw new UsageError(
      `say why with --reason; this would accept: ${chosen
        .map(({ sentence }) => sentence)
        .join(' | ')
        .slice(0, 300)}`,
    )
  }
  if (reason?.trim() === '') throw new UsageError('--reason is empty; say why the difference is wanted')
  const accepting: Accepting[] = []
  for (const { environment, sentence, places } of chosen) {
    const why = reason ?? (await ask(`${sentence}\n  why is that wanted (nothing: it is not)? `))
    if (why.trim() === '') continue
    accepting.push(
      ...places.map(({ probe, difference }) => entryOf(probe, environment, difference, why.trim(), review)),
    )
  }
  if (accepting.length === 0) throw new UsageError('no reason was given, so nothing is accepted')
  return accepting
}

function entryOf(
  probe: string,
  environment: string,
  difference: Required<Place>['difference'],
  reason: string,
  review: string,
): Accepting {
  const { pointer, reference, candidate } = difference
  // The reference has become like the candidate: there is nothing left to accept, only an entry to take out.
  const isGone = !isError(reference) && equal(reference, candidate)
  const sides = { ...(reference !== undefined && { reference }), ...(candidate !== undefined && { candidate }) }
  return { probe, environment, pointer, ...sides, reason, review, isGone }
}

/** @throws Interrupted at Ctrl-C, and at the end of the input */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new Promise<never>((_, reject) => terminal.once('close', reject))
  try {
    return await Promise.race([terminal.question(question), ended])
  } catch {
    throw new Interrupted('interrupted; nothing is accepted')
  } finally {
    terminal.close()
  }
}

/** In one step: a file that is half written accepts something else. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

function date(text: string): string {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)
  if (!isDate) throw new InvalidArgumentError('Give a date such as 2027-05-01.')
  if (text < today()) throw new InvalidArgumentError('Give a day to come.')
  return text
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

function inSixMonths(): string {
  const day = new Date()
  day.setUTCMonth(day.getUTCMonth() + 6)
  return day.toISOString().slice(0, 10)
}
