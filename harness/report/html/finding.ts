/** One finding: what, where it is written, how to see it, and both values. */
import { printable } from '../../compare/show.ts'
import type { Finding, Report } from '../../model.ts'
import { comparison } from './difference.ts'
import { count, html, type Markup } from './markup.ts'
import type { Answer } from './shown.ts'

export function finding(report: Report, found: Finding, answers: Answer[]): Markup {
  const { id, environment, verdict, sentence, roles, places, look, basis } = found
  return html`<article class="finding" id=${id} tabindex="-1" data-item data-environment=${environment} data-verdict=${verdict} data-probe=${answers.map(({ probe }) => probe).join(' ')}>
    <header>
      <p class="tags">
        <span class=${`pill ${verdict}`}>${verdict}</span>
        ${basis ? html`<span class="pill read">read, not seen running</span>` : null}
        <span class="tag">${environment}</span>
        ${roles.map((role) => html`<span class="tag role">${role}</span>`)}
        <a class="id" href=${`#${id}`} aria-label=${`Link to finding ${id}`}>${id}</a>
      </p>
      <h3>${printable(sentence)}</h3>
    </header>
    ${places.length ? placesOf(found) : null}
    ${look.length ? html`<div class="look"><h4>See it by hand</h4>${look.map(command)}</div>` : null}
    ${answers.map((each) => answer(report, found, each))}
  </article>` as Markup
}

function placesOf({ places }: Finding): Markup {
  return html`<div class="places"><h4>Where it is written</h4><ul>
    ${places.map(
      ({ file, line, what, role, text }) => html`<li>
        <code class="where">${printable(file)}:${line}</code> <span class="what">${what} of ${role}</span>
        <code class="text">${printable(text.trim())}</code>
      </li>`,
    )}
  </ul></div>` as Markup
}

function command(text: string): Markup {
  return html`<div class="command"><pre tabindex="0"><code>${printable(text)}</code></pre><button type="button" class="copy" aria-label="Copy this command">copy</button></div>` as Markup
}

function answer(
  report: Report,
  { environment, sentence }: Finding,
  { probe, reason, differences, more }: Answer,
): Markup {
  return html`<section class="answers">
    <h4>${printable(probe)} ${secondsOf(report, probe, environment)}</h4>
    ${reason && !sentence.includes(reason) ? html`<p class="reason">${printable(reason)}</p>` : null}
    ${comparison(differences, [report.reference, environment])}
    ${more > 0 ? html`<p class="more">${count(more, 'difference')} of this kind ${more === 1 ? 'stands' : 'stand'} in report.json only</p>` : null}
  </section>` as Markup
}

function secondsOf({ recording: { observations }, reference }: Report, probe: string, environment: string) {
  const took = (name: string) =>
    observations.find((each) => each.probe === probe && each.environment === name)?.seconds.toFixed(1)
  const [was, is] = [took(reference), took(environment)]
  return was && is ? html`<small>${was} s in ${reference}, ${is} s in ${environment}</small>` : null
}
