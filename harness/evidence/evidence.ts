/** What a person needs to believe a finding, as texts by file name. Pure: everything was witnessed before. */
import type { Finding, Observation, Probe, Report } from '../model.ts'
import { filesOf, logText, type Witness } from './witness.ts'

/** Logs this long before and after what was asked. */
const AROUND_SECONDS = 30
const LINES_AT_MOST = 500

/** A folder for each finding, and one for each environment that a finding or a dead service is about. */
export function evidenceOf(
  report: Report,
  witnesses: Witness[],
  probes: Pick<Probe, 'name' | 'question'>[],
): Record<string, string> {
  const { findings, reference, recording } = report
  const concerned = new Set([...findings, ...recording.casualties].map(({ environment }) => environment))
  if (concerned.size) concerned.add(reference)
  const environments = witnesses.filter(({ environment }) => concerned.has(environment))
  return {
    ...Object.assign({}, ...environments.map((each) => under(folderOf(each.environment), filesOf(each)))),
    ...Object.assign({}, ...findings.map((each) => under(each.id, findingFiles(each, report, environments, probes)))),
  }
}

/** Of an environment that could not be started, by what it left when it was removed. */
export function evidenceOfFailedStart(environment: string, message: string, files: Record<string, string>) {
  return under(folderOf(environment), { 'why.txt': `${message}\n`, ...files })
}

function folderOf(environment: string): string {
  return `environments/${environment}`
}

function under(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))
}

function findingFiles(
  finding: Finding,
  report: Report,
  witnesses: Witness[],
  probes: Pick<Probe, 'name' | 'question'>[],
): Record<string, string> {
  const names = [...new Set(finding.members.map(({ probe }) => probe))]
  const seen = report.recording.observations.filter(
    ({ probe, environment }) => names.includes(probe) && [report.reference, finding.environment].includes(environment),
  )
  const logs = witnesses
    .filter(({ environment }) => [report.reference, finding.environment].includes(environment))
    .flatMap((each) => logsAround(each, seen))
  return {
    'finding.md': told(
      finding,
      report,
      probes.filter(({ name }) => names.includes(name)),
    ),
    'answers.json': `${JSON.stringify(seen, null, 2)}\n`,
    'differences.json': `${JSON.stringify(differences(finding, report), null, 2)}\n`,
    ...Object.fromEntries(logs),
  }
}

function differences({ environment, members }: Finding, { results }: Report) {
  const isMember = (probe: string, pointer: string) =>
    members.some((member) => member.probe === probe && member.pointer === pointer)
  return results
    .filter((result) => result.environment === environment)
    .flatMap(({ probe, differences }) =>
      differences.filter(({ pointer }) => isMember(probe, pointer)).map((each) => ({ probe, ...each })),
    )
}

function logsAround({ environment, lines }: Witness, observations: Observation[]): [file: string, text: string][] {
  const windows = observations.flatMap((seen) => {
    if (seen.environment !== environment || !seen.startedAt) return []
    const start = Date.parse(seen.startedAt)
    return [{ from: start - AROUND_SECONDS * 1000, to: start + (seen.seconds + AROUND_SECONDS) * 1000 }]
  })
  const near = lines.filter(({ time }) => {
    const at = Date.parse(time)
    return windows.some(({ from, to }) => at >= from && at <= to)
  })
  return [...Map.groupBy(near, ({ role }) => role)].map(([role, own]) => [
    `logs/${environment}/${role}.log`,
    logText(own.slice(-LINES_AT_MOST)),
  ])
}

function told(
  { id, sentence, environment, verdict, places, look }: Finding,
  { reference }: Report,
  probes: Pick<Probe, 'name' | 'question'>[],
): string {
  const list = (title: string, items: string[]) => (items.length ? [`## ${title}`, '', ...items, ''] : [])
  return [
    `# ${id}: ${sentence}`,
    '',
    `${verdict}, in ${environment} against ${reference}.`,
    '',
    ...list(
      'Asked',
      probes.map(({ name, question }) => `- ${name}: ${question}`),
    ),
    ...list(
      'Where it is written',
      places.map(({ file, line, what, role, text }) => `- ${file}:${line} (${what} of ${role}): ${text.trim()}`),
    ),
    ...list(
      'See it by hand',
      look.map((command) => `    ${command}`),
    ),
    ...list('In this folder', [
      '- answers.json: what was answered, in both environments',
      '- differences.json: where these answers part',
      `- logs/: what the services logged within ${AROUND_SECONDS} s of it`,
      `- ../environments/${environment}/: all logs, and what the platform says of it`,
    ]),
  ].join('\n')
}
