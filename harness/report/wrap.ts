/** Prose in a terminal of 80 columns. */

const COLUMNS = 80

/** Breaks a text between words; what follows the first line is indented by two more. A longer word stays whole. */
export function wrapped(text: string): string {
  return text.split('\n').flatMap(linesOf).join('\n')
}

function linesOf(text: string): string[] {
  const indent = /^ */.exec(text)?.[0] ?? ''
  const lines: string[] = []
  let line = ''
  for (const word of text.slice(indent.length).split(' ')) {
    const start = lines.length ? `${indent}  ` : indent
    if (line && `${start}${line} ${word}`.length > COLUMNS) {
      lines.push(start + line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, (lines.length ? `${indent}  ` : indent) + line]
}
