/** The report for a job summary or a pull request. */

import { printable, show } from '../compare/show.ts'
import type { Finding, Report, Result } from '../model.ts'
import { acceptedGroups, byBasis, isOnlyRead, placesOf } from './group.ts'

const MAX_VALUE_LENGTH = 300

export function markdown(report: Report): string {
  const { seen, read } = byBasis(report)
  return [
    `# Parity: ${report.verdict}`,
    '',
    ...(seen.length ? [matrix(report, seen)] : []),
    ...(read.length ? ['## Read from files, not seen', '', matrix(report, read)] : []),
    ...report.recording.notAsked.flatMap(({ probe, reason }) => [
      `${code(probe)} was not asked: ${escapeText(reason)}`,
      '',
    ]),
    ...(report.recording.failures ?? []).flatMap(({ environment, message }) => [
      `## ${escapeText(environment)} could not be started`,
      '',
      ...printable(message)
        .split('\n')
        .map((line) => `    ${line}`),
      '',
    ]),
    ...report.recording.casualties.flatMap(({ environment, message }) => [
      `## Died during the run, in ${environment}`,
      '',
      ...message.split('\n').map((line) => `    ${line}`),
      '',
    ]),
    ...report.findings.flatMap((finding) => section(finding, report)),
    ...(report.accepted.length
      ? [
          '## Accepted entries that fail the run',
          '',
          table(
            ['probe', 'environment', 'where', 'problem', 'now'],
            report.accepted.map(({ entry, problem, now }) => [
              entry.probe,
              entry.environment,
              code(entry.pointer),
              problem,
              now ? code(`${show(now.candidate)} (${report.reference}: ${show(now.reference)})`) : '',
            ]),
          ),
        ]
      : []),
    '## Accepted differences',
    '',
    table(
      ['probe', 'environment', 'places', 'reason'],
      acceptedGroups(report).map((group) => [
        group.probe,
        group.environment,
        String(group.differences.length),
        escapeText(group.reason),
      ]),
    ),
    '## Environments',
    '',
    table(
      ['environment', 'kind', 'ready', 'role', 'image', 'where it came from'],
      report.environments.flatMap(({ name, kind, readySeconds, services }) =>
        services.map(({ role, image, provenance }) => [
          name,
          kind,
          isOnlyRead(report) ? 'not started' : `${readySeconds.toFixed(1)} s`,
          role,
          code(image),
          provenance,
        ]),
      ),
    ),
  ].join('\n')
}

/** The sentence, where its cause is written, how to look, and the places with their values folded away. */
function section(finding: Finding, report: Report): string[] {
  const { environment, verdict, basis, sentence, places, look } = finding
  const differences = placesOf(report, finding).flatMap(({ probe, difference }) =>
    difference ? [{ probe, ...difference }] : [],
  )
  return [
    `### ${escapeText(sentence)}`,
    '',
    `${verdict} in ${environment}, ${finding.id}${basis === 'read' ? ' (read from files, not seen)' : ''}`,
    '',
    ...places.map(({ file, line, text }) => `- ${code(`${file}:${line}`)} ${code(text.trim())}`),
    ...(places.length ? [''] : []),
    ...(look.length ? [...look.map((command) => `    ${command}`), ''] : []),
    ...(differences.length
      ? [
          `<details><summary>${differences.length} ${differences.length === 1 ? 'place' : 'places'}</summary>`,
          '',
          table(
            ['probe', 'where', report.reference, environment, 'remark'],
            differences.map(({ probe, pointer, reference, candidate, reason }) => [
              code(probe),
              code(pointer),
              code(show(reference, MAX_VALUE_LENGTH)),
              code(show(candidate, MAX_VALUE_LENGTH)),
              escapeText(reason ?? ''),
            ]),
          ),
          '</details>',
          '',
        ]
      : []),
  ]
}

function matrix(report: Report, results: Result[]): string {
  const candidates = report.environments.filter(({ name }) => name !== report.reference).map(({ name }) => name)
  const probes = [...new Set(results.map(({ probe }) => probe))]
  const cell = (probe: string, name: string) =>
    results.find((result) => result.probe === probe && result.environment === name)?.verdict ?? ''
  return table(
    ['probe', ...candidates],
    probes.map((probe) => [code(probe), ...candidates.map((name) => cell(probe, name))]),
  )
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n')
}

/** A code span that no content can leave: GitHub takes a cell apart at `|` even inside one. */
function code(text: string): string {
  const ticks = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  return `${ticks} ${text.replaceAll('|', '\\|').replaceAll('\n', ' ')} ${ticks}`
}

function escapeText(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, '\\$&').replaceAll('\n', '<br>')
}
