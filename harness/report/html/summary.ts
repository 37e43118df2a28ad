/** The top of the page: the verdict in a word and in a sentence, and what was run. */
import type { Report, Verdict } from '../../model.ts'
import { isOnlyRead } from '../group.ts'
import { count, duration, html, type Markup } from './markup.ts'
import { SIGN } from './matrix.ts'

const WORD: Record<Verdict, string> = {
  same: 'The same everywhere',
  accepted: 'The same everywhere',
  different: 'Not the same',
  unknown: 'Cannot be told',
}

export function summary(report: Report): Markup {
  const { verdict, recording, reference } = report
  return html`<header class="summary">
    <p class="what"><b>${recording.project}</b> <span>parity report</span></p>
    <h1 class=${verdict}><span class="sign" aria-hidden="true">${SIGN[verdict]}</span> ${WORD[verdict]}</h1>
    <p class="sentence">${sentence(report)}</p>
    <dl class="facts">
      ${fact('date', html`<time datetime=${recording.date}>${recording.date}</time>`)}
      ${reference ? fact('reference', reference) : null}
      ${report.environments.length ? fact('environments', environments(report)) : null}
      ${asked(report)}
    </dl>
  </header>` as Markup
}

function fact(name: string, value: unknown): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>` as Markup
}

function environments(report: Report): string {
  const names = report.environments.map(({ name, readySeconds }) =>
    isOnlyRead(report) ? name : `${name} (${duration(readySeconds)})`,
  )
  return `${names.join(', ')}${isOnlyRead(report) ? ': read from files, not started' : ''}`
}

function asked({ recording: { observations } }: Report): Markup {
  const ends = observations.flatMap(({ startedAt, seconds }) =>
    startedAt ? [[new Date(startedAt).getTime(), new Date(startedAt).getTime() + seconds * 1000] as const] : [],
  )
  const probes = new Set(observations.map(({ probe }) => probe)).size
  if (probes === 0) return null
  const took = ends.length
    ? (Math.max(...ends.map(([, end]) => end)) - Math.min(...ends.map(([start]) => start))) / 1000
    : 0
  return fact('asked', `${count(probes, 'probe')}${took ? ` in ${duration(took)}` : ''}`)
}

function sentence(report: Report): string {
  const { recording, findings, summary, accepted, reference, environments } = report
  if (recording.failures?.length) {
    const names = recording.failures.map(({ environment }) => environment).join(' and ')
    return `${names} could not be started, so nothing was asked anywhere.`
  }
  const candidates = environments.map(({ name }) => name).filter((name) => name !== reference)
  const different = findings.filter(({ verdict }) => verdict === 'different')
  const unknown = findings.length - different.length
  const where = [...new Set(different.map(({ environment }) => environment))].join(' and ')
  const parts = [
    ...(different.length ? [`${count(different.length, 'finding')} in ${where}`] : []),
    ...(unknown ? [`${unknown} that cannot be told`] : []),
    ...(accepted.length ? [`${count(accepted.length, 'accepted entry', 'accepted entries')} to be looked at`] : []),
  ]
  if (parts.length) return `${parts.join(', ')}, judged against ${reference}.`
  if (candidates.length === 0) return 'There was nothing to judge.'
  const accept = summary.accepted ? `; ${count(summary.accepted, 'answer')} with differences that are accepted` : ''
  const [one, many] = isOnlyRead(report) ? ['is declared', 'are declared'] : ['answers', 'answer']
  return `${candidates.join(' and ')} ${candidates.length === 1 ? one : many} as ${reference} ${isOnlyRead(report) ? 'is; nothing was started' : 'does'}${accept}.`
}
