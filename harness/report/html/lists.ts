/** What needs no finding: accepted, noise, not asked, died, not started, and the images. */
import { printable, show } from '../../compare/show.ts'
import type { AcceptedProblem, Report } from '../../model.ts'
import { acceptedGroups, isOnlyRead } from '../group.ts'
import { count, duration, html, type Markup } from './markup.ts'

const NOISE_ROWS_AT_MOST = 300
const PLACES_AT_MOST = 12

export function notStarted({ recording: { failures = [] } }: Report): Markup {
  return failures.map(
    ({ environment, message }) => html`<section class="trouble" aria-label=${`${environment} could not be started`}>
      <h2>${environment} could not be started</h2>
      <pre tabindex="0"><code>${printable(message)}</code></pre>
      <p>Its logs, and what the platform said of it before it was removed, stand in <code>evidence/environments/${environment}/</code> beside this report.</p>
    </section>`,
  ) as Markup
}

export function died({ recording: { casualties } }: Report): Markup {
  return casualties.map(
    ({ environment, role, message }) => html`<section class="trouble" aria-label=${`${role} died in ${environment}`}>
      <h2>${role} died during the run, in ${environment}</h2>
      <pre tabindex="0"><code>${printable(message)}</code></pre>
    </section>`,
  ) as Markup
}

export function accepted(report: Report): Markup {
  const groups = acceptedGroups(report)
  if (groups.length + report.accepted.length === 0) return null
  return html`<section id="accepted" aria-labelledby="accepted-title">
    <h2 id="accepted-title">Accepted <small>written down in parity.accepted.yaml, with both values</small></h2>
    ${report.accepted.map(problem)}
    ${groups.map(
      ({
        probe,
        environment,
        reason,
        differences,
      }) => html`<div class="item" data-item data-probe=${probe} data-environment=${environment} data-verdict="accepted">
        <p><b>${printable(probe)}</b> in ${environment}: ${printable(reason)}</p>
        <details><summary>${count(differences.length, 'place')}</summary>
          <ul class="values">${differences
            .slice(0, PLACES_AT_MOST)
            .map(
              (each) =>
                html`<li><code>${printable(each.pointer)}</code> <code class="was">${show(each.reference)}</code> <code class="is">${show(each.candidate)}</code></li>`,
            )}</ul>
          ${differences.length > PLACES_AT_MOST ? html`<p class="more">${differences.length - PLACES_AT_MOST} more in report.json</p>` : null}
        </details>
      </div>`,
    )}
  </section>` as Markup
}

function problem({ entry, problem }: AcceptedProblem): Markup {
  const what =
    problem === 'stale'
      ? 'no difference matches this entry any more; remove it'
      : `was to be reviewed by ${entry.review}`
  return html`<div class="item problem" data-item data-probe=${entry.probe} data-environment=${entry.environment} data-verdict="unknown">
    <p><span class="pill unknown">${problem}</span> <b>${printable(entry.probe)}</b> in ${entry.environment} <code>${printable(entry.pointer)}</code>: ${what}</p>
  </div>` as Markup
}

export function noise({ results }: Report): Markup {
  const rows = results.flatMap(({ probe, environment, noise }) =>
    noise.map((each) => ({ probe, environment, ...each })),
  )
  if (rows.length === 0) return null
  return html`<section id="noise" aria-labelledby="noise-title">
    <h2 id="noise-title">Noise <small>values that vary by themselves, compared by kind</small></h2>
    ${[...Map.groupBy(rows, ({ kind }) => kind)].map(
      ([
        kind,
        members,
      ]) => html`<details class="fold"><summary>${kind} <small>${count(members.length, 'place')}</small></summary>
        <ul class="values">${members.slice(0, NOISE_ROWS_AT_MOST).map(
          ({
            probe,
            environment,
            pointer,
            reference,
            candidate,
          }) => html`<li data-item data-probe=${probe} data-environment=${environment} data-verdict="same">
            <code>${printable(probe)}${printable(pointer)}</code> <small>${environment}</small> <code class="was">${show(reference, 80)}</code> <code class="is">${show(candidate, 80)}</code>
          </li>`,
        )}</ul>
        ${members.length > NOISE_ROWS_AT_MOST ? html`<p class="more">${members.length - NOISE_ROWS_AT_MOST} more in report.json</p>` : null}
      </details>`,
    )}
  </section>` as Markup
}

export function notAsked({ recording: { notAsked } }: Report): Markup {
  if (notAsked.length === 0) return null
  return html`<section id="not-asked" aria-labelledby="not-asked-title">
    <h2 id="not-asked-title">Not asked</h2>
    ${[...Map.groupBy(notAsked, ({ reason }) => reason)].map(
      ([
        reason,
        members,
      ]) => html`<div class="item" data-item data-probe=${members.map(({ probe }) => probe).join(' ')} data-environment="" data-verdict="unknown">
        <p>${members.map(({ probe }, index) => html`${index ? ', ' : ''}<b>${printable(probe)}</b>`)}: ${printable(reason)}</p>
      </div>`,
    )}
  </section>` as Markup
}

export function images(report: Report): Markup {
  const { environments, reference } = report
  if (environments.length === 0) return null
  return html`<section id="environments" aria-labelledby="environments-title">
    <h2 id="environments-title">Environments and their images</h2>
    ${environments.map(
      ({ name, kind, readySeconds, buildSeconds, services }) => html`<details class="fold">
        <summary>${name} <small>${kind}${name === reference ? ', reference' : ''} · ${isOnlyRead(report) ? 'read from files, not started' : `ready in ${duration(readySeconds)}, images in ${duration(buildSeconds)}`}</small></summary>
        <div class="scroll" tabindex="0" role="region" aria-label=${`Images of ${name}`}><table class="images">
          <thead><tr><th scope="col">role</th><th scope="col">image</th><th scope="col">where it came from</th></tr></thead>
          <tbody>${services.map(
            ({ role, image, imageId, provenance }) =>
              html`<tr><th scope="row">${role}</th><td><code>${printable(image)}</code><br/><small>${imageId.slice(0, 19)}</small></td><td>${printable(provenance)}</td></tr>`,
          )}</tbody>
        </table></div>
      </details>`,
    )}
  </section>` as Markup
}
