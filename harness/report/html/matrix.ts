/** Each probe in each environment, what is not the same first. */
import { worst } from '../../compare/judge.ts'
import { printable } from '../../compare/show.ts'
import type { Report, Result, Verdict } from '../../model.ts'
import { isOnlyRead } from '../group.ts'
import { count, html, type Markup } from './markup.ts'

export const SIGN: Record<Verdict, string> = { same: '✓', accepted: '≈', unknown: '?', different: '✗' }
const ORDER: Verdict[] = ['different', 'unknown', 'accepted', 'same']

export function matrix(report: Report): Markup {
  const probes = [...Map.groupBy(report.results, ({ probe }) => probe)]
    .map(([probe, results]) => ({ probe, results, verdict: worst(results.map(({ verdict }) => verdict)) }))
    .sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
  if (probes.length === 0) return null
  const telling = probes.filter(({ verdict }) => verdict !== 'same')
  const same = probes.filter(({ verdict }) => verdict === 'same')
  // A short list needs no folding.
  const folded = telling.length > 0 && same.length > 6
  return html`<section id="matrix" aria-labelledby="matrix-title">
    <h2 id="matrix-title">Probes <small>${count(probes.length, 'question')}, ${isOnlyRead(report) ? 'asked of the files of every environment' : 'each asked in every environment'}</small></h2>
    ${telling.length ? table(report, telling, 'not the same everywhere') : null}
    ${same.length ? (folded ? html`<details class="fold"><summary>${count(same.length, 'probe')} the same everywhere</summary>${table(report, same, 'the same everywhere')}</details>` : table(report, same, 'the same everywhere')) : null}
  </section>` as Markup
}

interface Line {
  probe: string
  results: Result[]
  verdict: Verdict
}

function table(report: Report, lines: Line[], which: string): Markup {
  const candidates = report.environments.filter(({ name }) => name !== report.reference).map(({ name }) => name)
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${`Probes ${which}`}><table class="matrix">
    <thead><tr>
      <th scope="col">probe</th>
      ${candidates.map((name) => html`<th scope="col">${name}</th>`)}
      <th scope="col" class="seconds">${report.reference}</th>
    </tr></thead>
    <tbody>${lines.map(
      ({
        probe,
        results,
        verdict,
      }) => html`<tr data-item data-probe=${probe} data-verdict=${[...new Set([verdict, ...results.map((each) => each.verdict)])].join(' ')} data-environment=${results.map(({ environment }) => environment).join(' ')}>
        <th scope="row">${printable(probe)}${results.some(({ basis }) => basis) ? html` <span class="pill read">read</span>` : null}</th>
        ${candidates.map(
          (name) =>
            html`<td>${cell(
              report,
              results.find(({ environment }) => environment === name),
            )}</td>`,
        )}
        <td class="seconds">${seconds(report, probe, report.reference)}</td>
      </tr>`,
    )}</tbody>
  </table></div>` as Markup
}

function cell(report: Report, result: Result | undefined) {
  if (!result) return html`<span class="none">–</span>`
  const { probe, environment, verdict } = result
  const found = report.findings.find(
    (finding) => finding.environment === environment && finding.members.some((member) => member.probe === probe),
  )
  const target = found ? `#${found.id}` : verdict === 'accepted' ? '#accepted' : undefined
  const label = html`<span class=${`verdict ${verdict}`}><span class="sign" aria-hidden="true">${SIGN[verdict]}</span> ${verdict}</span>`
  return html`${target ? html`<a href=${target}>${label}</a>` : label} <small class="seconds">${seconds(report, probe, environment)}</small>`
}

function seconds({ recording }: Report, probe: string, environment: string): string {
  const seen = recording.observations.find((each) => each.probe === probe && each.environment === environment)
  return seen ? `${seen.seconds.toFixed(1)} s` : ''
}
