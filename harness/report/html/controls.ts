/** The bar at the top: filter and theme; and the list of keys. */
import type { Report, Verdict } from '../../model.ts'
import { html, type Markup } from './markup.ts'

const VERDICTS: Verdict[] = ['different', 'unknown', 'accepted', 'same']

export function controls(report: Report): Markup {
  const candidates = report.environments.filter(({ name }) => name !== report.reference).map(({ name }) => name)
  const probes = [...new Set(report.results.map(({ probe }) => probe))].sort()
  const verdicts = VERDICTS.filter((verdict) => report.results.some((result) => result.verdict === verdict))
  return html`<div class="bar" role="search" aria-label="Filter the report">
    <a class="brand" href="#main">parity</a>
    <input id="text" type="search" placeholder="Filter" aria-label="Filter by text" autocomplete="off" spellcheck="false" />
    ${choice('probe', 'every probe', probes)}
    ${choice('environment', 'every environment', candidates)}
    ${choice('verdict', 'every verdict', verdicts)}
    <span class="shown" role="status"></span>
    <button type="button" id="theme" aria-label="Change between dark and light">◐</button>
    <button type="button" id="keys" aria-label="Keyboard shortcuts">?</button>
  </div>` as Markup
}

function choice(name: string, all: string, options: string[]): Markup {
  if (options.length < 2) return null
  return html`<select id=${name} aria-label=${`Filter by ${name}`}>
    <option value="">${all}</option>
    ${options.map((option) => html`<option value=${option}>${option}</option>`)}
  </select>` as Markup
}

export function help(): Markup {
  const keys = [
    ['j', 'next finding'],
    ['k', 'previous finding'],
    ['/', 'filter'],
    ['Esc', 'clear the filter'],
    ['t', 'dark or light'],
    ['?', 'this list'],
  ]
  return html`<dialog id="help" aria-labelledby="help-title">
    <h2 id="help-title">Keys</h2>
    <dl>${keys.map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
    <button type="button">Close</button>
  </dialog>` as Markup
}
