/** Findings as a person reads them at the end of a run: the sentence first, then where, how to look, and the values. */
import { styleText } from 'node:util'
import { printable, show } from '../compare/show.ts'
import type { Finding, Report } from '../model.ts'
import { coloured, SIGN } from './colour.ts'
import { type Place, placesOf } from './group.ts'
import { wrapped } from './wrap.ts'

/** Further places of a finding are left to report.json: its sentence names what they are. */
const MAX_PLACES = 4

/** @param verbose every place with its values */
export function findingLines(report: Report, verbose: boolean): string[] {
  return report.findings.flatMap((finding) => [
    '',
    ...linesOf(finding, report, verbose ? Number.POSITIVE_INFINITY : MAX_PLACES),
  ])
}

function linesOf(finding: Finding, report: Report, maxPlaces: number): string[] {
  const { id, environment, verdict, basis, sentence, places, look } = finding
  const members = placesOf(report, finding)
  const left = members.length - maxPlaces
  return [
    coloured(
      verdict,
      wrapped(`${SIGN[verdict]} ${printable(sentence)}${basis === 'read' ? ' (read from files, not seen)' : ''}`),
    ),
    ...places.map(({ file, line, text }) => printable(`  ${file}:${line}  ${text.trim()}`)),
    ...look.map((command) => styleText('dim', `  $ ${printable(command)}`)),
    ...members
      .slice(0, maxPlaces)
      .flatMap((place, at) => [
        ...(place.probe === members[at - 1]?.probe ? [] : [styleText('bold', `  ${place.probe} in ${environment}`)]),
        ...placeLines(place, report.reference, environment),
      ]),
    ...(left > 0
      ? [`  … and ${left} more ${left === 1 ? 'place' : 'places'}: --verbose, or ${id} in report.json`]
      : []),
  ]
}

function placeLines({ pointer, difference }: Place, reference: string, environment: string): string[] {
  // What is wrong with a whole answer stands in the sentence.
  if (!difference) return []
  return [
    coloured(difference.verdict, `    ${SIGN[difference.verdict]} ${printable(pointer)}`) +
      (difference.reason ? ` (${printable(difference.reason)})` : ''),
    `        ${reference}: ${show(difference.reference)}`,
    `        ${environment}: ${show(difference.candidate)}`,
  ]
}
