/**
 * The text of a Dockerfile as stages of instructions.
 * https://docs.docker.com/reference/dockerfile/
 */

export interface Instruction {
  /** In capitals: `RUN`. */
  name: string
  /** What follows it, continued lines joined, flags taken off. */
  text: string
  flags: string[]
  /** 1-based, of its first line. */
  line: number
}

export interface StageText {
  name?: string
  /** What FROM names: an image or an earlier stage. */
  from: string
  line: number
  instructions: Instruction[]
}

export interface Dockerfile {
  /** ARG before the first FROM. */
  globals: Instruction[]
  stages: StageText[]
}

export function parseDockerfile(text: string): Dockerfile {
  const globals: Instruction[] = []
  const stages: StageText[] = []
  for (const instruction of instructionsOf(text)) {
    if (instruction.name === 'FROM') {
      const [from = '', as, name] = instruction.text.split(/\s+/)
      const named = as?.toUpperCase() === 'AS' && name ? { name: name.toLowerCase() } : {}
      stages.push({ ...named, from, line: instruction.line, instructions: [] })
    } else (stages.at(-1)?.instructions ?? globals).push(instruction)
  }
  return { globals, stages }
}

/** The words of an instruction in exec form, or undefined when it is in shell form. */
export function execForm(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined
  try {
    const words: unknown = JSON.parse(text)
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined
  } catch {
    // Docker takes what is not JSON for a shell's words.
    return undefined
  }
}

function* instructionsOf(text: string): Generator<Instruction> {
  const lines = text.split(/\r?\n/)
  const continuation = /^#\s*escape\s*=\s*(\S)/im.exec(lines.slice(0, 3).join('\n'))?.[1] === '`' ? '`' : '\\'
  let index = 0
  while (index < lines.length) {
    const line = index + 1
    let joined = ''
    for (let goesOn = true; goesOn && index < lines.length; index++) {
      const part = lines[index] as string
      // Comments and empty lines between continued lines do not count.
      if (/^\s*(#|$)/.test(part)) {
        if (joined === '') break
        continue
      }
      goesOn = part.trimEnd().endsWith(continuation)
      joined += goesOn ? `${part.trimEnd().slice(0, -1)} ` : part
    }
    const [, name, rest = ''] = /^\s*([A-Za-z]+)\s*(.*)$/s.exec(joined) ?? []
    if (name === undefined) {
      if (joined === '') index++
      continue
    }
    const document = hereDocuments(rest, lines, index)
    index = document.next
    const flags = /^(?:--[a-z][^\s]*\s+)*/.exec(rest)?.[0] ?? ''
    yield {
      name: name.toUpperCase(),
      text: `${rest.slice(flags.length).trim()}${document.text}`,
      flags: flags.split(/\s+/).filter(Boolean),
      line,
    }
  }
}

/** `RUN <<EOF`: the lines up to `EOF` belong to the instruction. */
function hereDocuments(rest: string, lines: string[], from: number): { text: string; next: number } {
  let next = from
  let text = ''
  for (const [, end] of rest.matchAll(/<<-?["']?([A-Za-z_]\w*)["']?/g)) {
    while (next < lines.length && (lines[next] as string).trim() !== end) text += `\n${lines[next++]}`
    next++
  }
  return { text, next }
}
