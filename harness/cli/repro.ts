import { readFile } from 'node:fs/promises'
import { styleText } from 'node:util'
import type { Command } from 'commander'
import { printable } from '../compare/show.ts'
import { type Config, loadConfig } from '../config/load.ts'
import { didYouMean } from '../config/nearest.ts'
import { handOver } from '../exec.ts'
import type { Finding, Report, RunningEnvironment } from '../model.ts'
import { asCurl, type Replay, replayOf } from '../replay.ts'
import { redactor } from '../secrets.ts'
import { interruption, UsageError } from './exit.ts'
import { command, makeRoom, takeDown, writeDown } from './left-up.ts'
import { progressLog } from './progress.ts'
import { commandLine } from './shell.ts'

interface Options {
  report: string
  down?: boolean
}

export function addRepro(program: Command): void {
  program
    .command('repro')
    .description(
      'bring up both environments of a finding, go to the step before it, and hand over a shell on each side',
    )
    .argument('<finding>', 'its id, as a report has it: F-3a9c1e')
    .argument('[project]', 'folder with parity.yaml, or the file itself', '.')
    .option('--report <file>', 'the report that has the finding', '.parity/report.json')
    .option('--down', 'take both down again afterwards')
    .addHelpText('after', '\nExample:\n  parity repro F-3a9c1e fixtures/manifest-tracker')
    .action(async (id: string, project: string, options: Options) => {
      const config = await loadConfig(project)
      const report = await readReport(options.report)
      const finding = findingIn(report, id, config)
      // The candidate, and what it is judged against.
      const names = [...new Set([finding.environment, report.reference])]
      for (const name of names) await makeRoom(project, name)

      const signal = interruption()
      const environments = await start(config, project, names, signal)
      const down = () => Promise.all(environments.map((environment) => takeDown(project, environment)))
      try {
        for (const line of otherImages(report, environments)) console.log(styleText('yellow', line))
        console.log(`\n${styleText('bold', finding.id)}  ${printable(finding.sentence)}\n`)
        await show(environments, replayOf(config.settings, finding), signal)
        signal.throwIfAborted()
      } catch (error) {
        await down()
        throw error
      }
      for (const line of lookNow(finding, report, environments)) console.log(`  ${line}`)
      await handShellsOver(environments, finding, project)
      if (options.down) await down()
      else console.log(`\nBoth stay up: ${names.map((name) => command('down', name, project)).join('; ')}`)
    })
}

async function readReport(file: string): Promise<Report> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`there is no report ${file}; run \`parity check\`, or name one with --report`)
  })
  const { report: schema } = await import('../report/schema.ts')
  const { success, data } = schema.safeParse(parsed(text))
  if (!success) throw new UsageError(`${file} is not a report of this version; run \`parity check\` again`)
  return data
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function findingIn(report: Report, id: string, { settings, file }: Config): Finding {
  const ids = report.findings.map((finding) => finding.id)
  const found = report.findings.find((finding) => finding.id === id)
  if (!found)
    throw new UsageError(`the report has no ${id}${didYouMean(id, ids)} (findings: ${ids.join(', ') || 'none'})`)
  for (const name of [found.environment, report.reference]) {
    if (!(name in settings.environments))
      throw new UsageError(`${file} has no environment ${name}, which ${id} is about`)
  }
  return found
}

async function start(
  config: Config,
  project: string,
  names: string[],
  signal: AbortSignal,
): Promise<RunningEnvironment[]> {
  const { startEnvironments } = await import('../start.ts')
  const progress = progressLog()
  const started = await startEnvironments(config, names, {
    redactor: redactor(config.settings.project, config.settings.secrets),
    signal,
    keep: true,
    progress: progress.onProgress,
  })
  try {
    for (const environment of started.environments) await writeDown(project, environment)
  } catch (error) {
    await started.down()
    throw error
  }
  for (const { name, readySeconds } of started.environments) progress.onReady(name, readySeconds)
  return started.environments
}

/** A finding is looked for in what was reported, not in what the sources have become since. */
function otherImages(report: Report, environments: RunningEnvironment[]): string[] {
  return environments.flatMap(({ name, services }) => {
    const then = report.environments.find((environment) => environment.name === name)?.services ?? []
    return then.flatMap(({ role, imageId }) => {
      const now = services[role]?.imageId
      if (now === imageId) return []
      const what =
        now === undefined ? 'is not there any more' : `runs ${short(now)}, not ${short(imageId)} as in the report`
      return [`! ${role} of ${name} ${what}: the project has changed since`]
    })
  })
}

function short(imageId: string): string {
  return imageId.slice(0, 'sha256:'.length + 12)
}

/** Does again what comes before, on both sides, and says how to see the difference. */
async function show(
  environments: RunningEnvironment[],
  replay: Replay | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!replay) return
  console.log(`Done again: ${printable(replay.what)}\nSee it by hand:`)
  const requests = await Promise.all(
    environments.map(async (environment) => {
      const request = await replay.run(environment, signal).then(asCurl, (error: Error) => `not sent: ${error.message}`)
      return `  ${styleText('dim', `# ${environment.name}`)}\n  ${printable(request)}`
    }),
  )
  console.log(requests.join('\n'))
}

/** The commands of the report; its addresses led to environments that are gone. */
function lookNow({ look }: Finding, { recording }: Report, environments: RunningEnvironment[]): string[] {
  const addresses = environments.flatMap(({ name, services }) => {
    const then = recording.environments.find((environment) => environment.name === name)?.services ?? {}
    return Object.entries(then).flatMap(([role, { baseUrl }]): [string, string][] => {
      const now = services[role]?.baseUrl
      return baseUrl && now ? [[baseUrl, now]] : []
    })
  })
  // All at once: a port of then may be another service's port now.
  return look.map((line) => line.replace(/http:\/\/127\.0\.0\.1:\d+/g, (url) => new Map(addresses).get(url) ?? url))
}

async function handShellsOver(environments: RunningEnvironment[], finding: Finding, project: string): Promise<void> {
  const [candidate] = environments as [RunningEnvironment]
  const role = finding.roles.find((each) => candidate.services[each]) ?? Object.keys(candidate.services)[0] ?? ''
  console.log('\nA shell on each side:')
  for (const { name, services } of environments) {
    console.log(`  ${command('shell', `${name} ${services[role] ? role : Object.keys(services)[0]}`, project)}`)
  }
  const service = candidate.services[role]
  if (!service || !process.stdin.isTTY || !process.stdout.isTTY) return
  console.log(`\nThis one is inside ${role} of ${candidate.name}; leave it with exit.`)
  await handOver(commandLine(service, []))
}
