/** The report as one file: no network, works from a CI artifact, nothing of the application is taken for markup. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderToString } from 'preact-render-to-string'
import type { Finding, Report, Verdict } from '../../model.ts'
import { controls, help } from './controls.ts'
import { finding } from './finding.ts'
import { accepted, died, images, noise, notAsked, notStarted } from './lists.ts'
import { html, type Markup } from './markup.ts'
import { matrix } from './matrix.ts'
import { shownAnswers } from './shown.ts'
import { summary } from './summary.ts'
import { timelines } from './timeline.ts'

const style = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8')
const script = readFileSync(join(import.meta.dirname, 'client.js'), 'utf8')
/** Nothing is fetched, and nothing runs but the script that stands here. */
const policy = [
  "default-src 'none'",
  `script-src '${digest(script)}'`,
  `style-src '${digest(style)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export function page(given: Report): string {
  // Of an environment that was started twice, its first start.
  const environments = [...new Map(given.environments.toReversed().map((each) => [each.name, each])).values()].reverse()
  const report = { ...given, environments }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${renderToString(head(report) as never)}
<style>${style}</style>
</head>
${renderToString(body(report) as never)}
<script>${script}</script>
</html>
`
}

function head({ verdict, recording: { project } }: Report): Markup {
  return html`<title>${`${project}: ${verdict} – parity`}</title><link rel="icon" href=${icon(verdict)} />` as Markup
}

function body(report: Report): Markup {
  return html`<body>
    <a class="skip" href="#main">Skip to the report</a>
    ${controls(report)}
    <main id="main">
      ${summary(report)}
      ${notStarted(report)}
      ${died(report)}
      ${matrix(report)}
      ${findings(report)}
      ${timelines(report)}
      ${accepted(report)}
      ${noise(report)}
      ${notAsked(report)}
      ${images(report)}
      <p class="nothing" role="status" hidden>Nothing in this report matches the filter.</p>
    </main>
    ${help()}
  </body>` as Markup
}

const KINDS: { id: string; title: string; what: string; has: (finding: Finding) => boolean }[] = [
  {
    id: 'findings',
    title: 'Findings',
    what: 'differences, grouped by cause',
    has: ({ basis, verdict }) => basis !== 'read' && verdict === 'different',
  },
  {
    id: 'untold',
    title: 'Could not be told',
    what: 'neither the same nor different: the question was not answered',
    has: ({ basis, verdict }) => basis !== 'read' && verdict === 'unknown',
  },
  {
    id: 'read',
    title: 'Only read',
    what: 'taken from files; nothing of this was seen running',
    has: ({ basis }) => basis === 'read',
  },
]

function findings(report: Report): Markup {
  const answers = shownAnswers(report)
  return KINDS.map(({ id, title, what, has }) => {
    const found = report.findings.filter(has)
    if (found.length === 0) return null
    return html`<section id=${id} aria-labelledby=${`${id}-title`}>
      <h2 id=${`${id}-title`}>${title} <small>${what}</small></h2>
      ${found.map((each) => finding(report, each, answers.get(each) ?? []))}
    </section>`
  }).filter((section) => section !== null) as Markup
}

/** The verdict as a colour in the browser's tab. */
function icon(verdict: Verdict): string {
  const colour = { same: '#1a7f4b', accepted: '#1a7f4b', unknown: '#b7791f', different: '#c8372d' }[verdict]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
