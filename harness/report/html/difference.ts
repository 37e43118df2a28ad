/** Both values side by side: short ones in a table, so that headers read as headers; long ones line by line. */
import { isError } from '../../compare/json.ts'
import { printable } from '../../compare/show.ts'
import type { Difference, Json } from '../../model.ts'
import { align, middle, type Row } from './lines.ts'
import { cut, html, type Markup } from './markup.ts'
import { VALUE_CHARACTERS_AT_MOST } from './shown.ts'

const SHORT_CHARACTERS = 240
const LINE_CHARACTERS_AT_MOST = 600
/** Lines around a change that are shown with it. */
const CONTEXT_LINES = 3

/** @param names of the two environments, the reference first */
export function comparison(differences: Difference[], names: [reference: string, candidate: string]): Markup {
  const short = differences.filter(isShort)
  const long = differences.filter((difference) => !isShort(difference))
  return [short.length ? table(short, names) : null, ...long.map((difference) => lineByLine(difference, names))].filter(
    (part) => part !== null,
  ) as Markup
}

function isShort({ reference, candidate }: Difference): boolean {
  return [reference, candidate].every((value) => {
    const lines = linesOf(value)
    return lines.length <= 1 && (lines[0] ?? '').length <= SHORT_CHARACTERS
  })
}

/** Rows under one parent stand together below its name: `/headers` and then each header. */
function table(differences: Difference[], [reference, candidate]: [string, string]): Markup {
  const parents = Map.groupBy(differences, ({ pointer }) => pointer.slice(0, pointer.lastIndexOf('/')))
  return html`<table class="compare">
    <thead><tr><th scope="col">where</th><th scope="col">${reference}</th><th scope="col">${candidate}</th></tr></thead>
    ${[...parents].map(
      ([parent, members]) => html`<tbody>
        ${members.length > 1 && parent ? html`<tr class="parent"><th colspan="3" scope="rowgroup">${readable(parent)}</th></tr>` : null}
        ${members.map((member) => {
          const [was, is] = [inLine(member.reference), inLine(member.candidate)]
          return html`<tr>
            <th scope="row">${members.length > 1 && parent ? readable(member.pointer.slice(parent.length + 1)) : readable(member.pointer) || 'the whole answer'}</th>
            <td class="was" data-name=${reference}>${shown(member.reference, was, is)}</td>
            <td class="is" data-name=${candidate}>${shown(member.candidate, is, was)}</td>
          </tr>${member.reason ? html`<tr class="why"><td colspan="3">${member.reason}</td></tr>` : null}`
        })}
      </tbody>`,
    )}
  </table>` as Markup
}

function lineByLine(difference: Difference, [reference, candidate]: [string, string]): Markup {
  const rows = align(linesOf(difference.reference), linesOf(difference.candidate))
  return html`<figure class="lines">
    <figcaption>${readable(difference.pointer) || 'the whole answer'}${difference.reason ? html` <small>${difference.reason}</small>` : null}</figcaption>
    <div class="sides" role="table" aria-label=${`${reference} and ${candidate}, line by line`} tabindex="0">
      <div class="row head" role="row"><span class="was" role="columnheader">${reference}</span><span class="is" role="columnheader">${candidate}</span></div>
      ${around(rows).map((row) =>
        row === 'gap'
          ? html`<div class="row gap" role="row"><span role="cell">⋯</span></div>`
          : html`<div class=${`row ${row.reference === row.candidate ? 'alike' : 'apart'}`} role="row">
              <code role="cell" class="was">${side(row.reference, row.candidate)}</code>
              <code role="cell" class="is">${side(row.candidate, row.reference)}</code>
            </div>`,
      )}
    </div>
  </figure>` as Markup
}

function side(line: string | undefined, other: string | undefined) {
  if (line === undefined) return html`<span class="none"></span>`
  const text = cut(line, LINE_CHARACTERS_AT_MOST)
  return other === undefined || line === other ? text || ' ' : marked(text, cut(other, LINE_CHARACTERS_AT_MOST))
}

/** Changed rows with some of what stands around them. */
function around(rows: Row[]): (Row | 'gap')[] {
  const near = rows.map((_, index) =>
    rows
      .slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1)
      .some(({ reference, candidate }) => reference !== candidate),
  )
  return rows.flatMap((row, index): (Row | 'gap')[] =>
    near[index] ? [row] : near[index - 1] || index === 0 ? ['gap'] : [],
  )
}

function shown(value: Json | undefined, text: string, other: string) {
  if (value === undefined) return html`<i class="absent">absent</i>`
  if (isError(value)) return html`<i class="error">error</i> <code>${marked(text, other)}</code>`
  return html`<code>${marked(text, other)}</code>`
}

function marked(text: string, other: string) {
  const [before, changed, after] = middle(text, other)
  // Two values that share next to nothing are not a change in a place; a mark around all of it tells nothing.
  if (before.length + after.length < 4 || changed === '') return text
  return html`${before}<mark>${changed}</mark>${after}`
}

function inLine(value: Json | undefined): string {
  return linesOf(value)[0] ?? ''
}

/** Texts as their lines, everything else as indented JSON. */
function linesOf(value: Json | undefined): string[] {
  if (value === undefined) return []
  if (isError(value)) return printable(cut(value.$error, VALUE_CHARACTERS_AT_MOST)).split('\n')
  if (typeof value === 'string' && value.includes('\n'))
    return printable(cut(value, VALUE_CHARACTERS_AT_MOST)).split('\n')
  const json = JSON.stringify(value)
  const text = json.length <= 80 ? json : JSON.stringify(value, null, 2)
  return printable(cut(text, VALUE_CHARACTERS_AT_MOST)).split('\n')
}

/** A pointer with its escapes undone where that cannot mislead. */
function readable(pointer: string): string {
  return printable(pointer.replaceAll('~1', '/').replaceAll('~0', '~'))
}
