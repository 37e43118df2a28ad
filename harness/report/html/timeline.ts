/** The lives of two environments beside each other, split at the point where they part. */
import { printable } from '../../compare/show.ts'
import { onlyHere, type Parting, partingOf } from '../../evidence/parting.ts'
import type { Moment, Report } from '../../model.ts'
import { count, cut, html, type Markup } from './markup.ts'

/** Shown at once on each side of the point where they part; the rest is folded away. */
const NEAR = 25
/** On each side of that point and in each environment; the rest stands in report.json. */
const MOMENTS_AT_MOST = 120
const TEXT_CHARACTERS_AT_MOST = 300

export function timelines(report: Report): Markup {
  const { timelines } = report.recording
  const candidates = report.environments.map(({ name }) => name).filter((name) => name !== report.reference)
  if (!timelines || candidates.length === 0) return null
  const drawn = candidates.map((name) => ({ name, parting: partingOf(report.recording, report.findings, name) }))
  return html`<section id="timeline" aria-labelledby="timeline-title">
    <h2 id="timeline-title">Timeline <small>seconds since each environment's first command</small></h2>
    ${drawn.map(
      (
        { name, parting },
        index,
      ) => html`<details class="fold" open=${parting !== undefined || (candidates.length === 1 && index === 0 && report.verdict !== 'same')}>
        <summary>${name} beside ${report.reference}${parting ? html` <small>they part ${parting.candidateAtSeconds.toFixed(1)} s after its start</small>` : null}</summary>
        ${lives(report, name, parting)}
      </details>`,
    )}
  </section>` as Markup
}

function lives(report: Report, candidate: string, parting: Parting | undefined): Markup {
  const { timelines = {} } = report.recording
  const reference = report.reference
  const [was, is] = [timelines[reference] ?? [], timelines[candidate] ?? []]
  const strange = new Set(onlyHere(report.recording, candidate))
  const sides = (atSeconds: number | undefined, moments: Moment[]): [before: Moment[], after: Moment[]] => {
    const split = moments.findIndex((moment) => moment.atSeconds >= (atSeconds ?? Number.POSITIVE_INFINITY))
    return split === -1 ? [moments, []] : [moments.slice(0, split), moments.slice(split)]
  }
  const [wasBefore, wasAfter] = sides(parting?.referenceAtSeconds ?? parting?.candidateAtSeconds, was)
  const [isBefore, isAfter] = sides(parting?.candidateAtSeconds, is)
  const column = (name: string, moments: Moment[], end: 'last' | 'first') =>
    html`<div class="life"><p class="name">${name}</p>${list(moments, end, strange)}</div>`
  return html`<div class="lives">
    ${column(reference, wasBefore, 'last')}${column(candidate, isBefore, 'last')}
    ${
      parting
        ? html`<p class="parting"><b>Here they part.</b> ${printable(cut(parting.text, TEXT_CHARACTERS_AT_MOST))} ${parting.finding ? html`<a href=${`#${parting.finding}`}>${parting.finding}</a>` : null}</p>
          ${column(reference, wasAfter, 'first')}${column(candidate, isAfter, 'first')}`
        : null
    }
  </div>` as Markup
}

/** The moments next to the point where they part, the others folded away on the far side. */
function list(moments: Moment[], end: 'last' | 'first', strange: Set<Moment>): Markup {
  const kept = end === 'last' ? moments.slice(-MOMENTS_AT_MOST) : moments.slice(0, MOMENTS_AT_MOST)
  const near = end === 'last' ? kept.slice(-NEAR) : kept.slice(0, NEAR)
  const far = end === 'last' ? kept.slice(0, -NEAR) : kept.slice(NEAR)
  if (kept.length === 0) return html`<p class="none">nothing</p>` as Markup
  const folded = far.length
    ? html`<details class="far"><summary>${count(far.length, end === 'last' ? 'earlier moment' : 'later moment')}</summary>${entries(far, strange)}</details>`
    : null
  return html`${end === 'last' ? folded : null}${entries(near, strange)}${end === 'first' ? folded : null}` as Markup
}

function entries(moments: Moment[], strange: Set<Moment>): Markup {
  return html`<ol>${moments.map(
    (moment) => html`<li class=${`${moment.kind}${strange.has(moment) ? ' strange' : ''}`}>
      <time>${moment.atSeconds.toFixed(1)}</time><span class="role">${moment.role ?? moment.kind}</span><span class="text">${printable(cut(moment.text, TEXT_CHARACTERS_AT_MOST))}</span>
    </li>`,
  )}</ol>` as Markup
}
