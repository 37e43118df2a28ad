/** The report as a person reads it at the end of a run; 80 columns where values allow. */
import { styleText } from 'node:util'
import { printable, show } from '../compare/show.ts'
import type { Report, Result } from '../model.ts'
import { coloured, SIGN } from './colour.ts'
import { findingLines } from './findings-terminal.ts'
import { acceptedGroups, byBasis, isOnlyRead } from './group.ts'
import { wrapped } from './wrap.ts'

/** @param verbose every place of every finding, with its values */
export function terminal(report: Report, { verbose = false } = {}): string {
  return [
    ...environments(report),
    '',
    ...matrices(report),
    ...notAsked(report),
    ...casualties(report),
    ...findingLines(report, verbose),
    ...acceptedProblems(report),
    ...accepted(report),
    '',
    verdictLine(report),
  ].join('\n')
}

function environments(report: Report): string[] {
  return report.environments.flatMap(({ name, kind, readySeconds, buildSeconds, services }) => {
    const role = name === report.reference ? ', reference' : ''
    const images = new Map(services.map(({ image, provenance }) => [image, provenance]))
    return [
      styleText('bold', `${name} (${kind}${role})`) +
        (isOnlyRead(report)
          ? ' read from files, not started'
          : ` ready in ${readySeconds.toFixed(1)} s, images in ${buildSeconds.toFixed(1)} s`),
      ...[...images].map(([image, provenance]) => styleText('dim', wrapped(`  ${image}: ${printable(provenance)}`))),
    ]
  })
}

function matrices(report: Report): string[] {
  const { seen, read } = byBasis(report)
  return [
    ...(seen.length ? matrix(report, seen) : []),
    ...(seen.length && read.length ? [''] : []),
    ...(read.length ? [styleText('bold', 'Read from files, not seen'), ...matrix(report, read)] : []),
  ]
}

function matrix(report: Report, results: Result[]): string[] {
  const candidates = report.environments.filter(({ name }) => name !== report.reference).map(({ name }) => name)
  const probes = [...new Set(results.map(({ probe }) => probe))]
  const width = Math.max(12, ...probes.map((probe) => probe.length)) + 2
  const cell = (probe: string, environment: string) => {
    const result = results.find((other) => other.probe === probe && other.environment === environment)
    return result ? coloured(result.verdict, `${SIGN[result.verdict]} ${result.verdict}`.padEnd(14)) : ''.padEnd(14)
  }
  return [
    ''.padEnd(width) + candidates.map((name) => name.padEnd(14)).join(''),
    ...probes.map((probe) => printable(probe).padEnd(width) + candidates.map((name) => cell(probe, name)).join('')),
  ]
}

function acceptedProblems({ accepted, reference }: Report): string[] {
  const entries = accepted.map(({ entry, problem, now }) => {
    const place = `  ? ${printable(entry.probe)} in ${entry.environment} ${printable(entry.pointer)}`
    if (problem === 'overdue') return `${place}: was to be reviewed by ${entry.review}`
    const values = now ? `; it is ${show(now.candidate, 60)} now (${reference}: ${show(now.reference, 60)})` : ''
    return `${place}: no difference matches this accepted entry any more${values}`
  })
  return entries.length
    ? ['', styleText('bold', 'parity.accepted.yaml'), ...entries.map((line) => coloured('unknown', wrapped(line)))]
    : []
}

function casualties({ recording }: Report): string[] {
  return recording.casualties.flatMap(({ environment, message }) => [
    '',
    styleText('bold', `Died during the run, in ${environment}`),
    ...printable(message)
      .split('\n')
      .map((line) => `  ${line}`),
  ])
}

function notAsked({ recording }: Report): string[] {
  return recording.notAsked.map(({ probe, reason }) =>
    styleText('dim', wrapped(`${printable(probe)}: not asked, ${printable(reason)}`)),
  )
}

function accepted(report: Report): string[] {
  const groups = acceptedGroups(report)
  if (groups.length === 0) return []
  return [
    '',
    styleText('bold', 'Accepted differences'),
    ...groups.map(({ probe, environment, reason, differences }) =>
      wrapped(
        `  ${SIGN.accepted} ${printable(probe)} in ${environment}, ${differences.length} of them: ${printable(reason)}`,
      ),
    ),
  ]
}

function verdictLine({ verdict, summary }: Report): string {
  const counts = Object.entries(summary).map(([name, count]) => `${count} ${name}`)
  return `${styleText('bold', 'Verdict:')} ${coloured(verdict, verdict)}  (${counts.join(', ')})`
}
