/** Tracebacks of programs, shortened to what a reader of a message needs. */

/** What BuildKit puts before each line: the number of the step, the seconds since it began. */
const PREFIX = /^(#\d+ )?(\d+\.\d+ )?/
/** As CPython's `traceback.format_exception` prints one; what belongs to it follows further to the right. */
const PYTHON_FRAME = /^( +)File "([^"]+)", line \d+/
/** As V8's `Error.stack` has one: https://v8.dev/docs/stack-trace-api */
const NODE_FRAME = /^\s+at (?:.+ \()?(.+?:\d+:\d+)\)?$/
/** Packages that are installed, and what comes with the interpreter. */
const NOT_ITS_OWN = /[\\/](site-packages|dist-packages|node_modules)[\\/]|[\\/]lib[\\/]python\d|^<frozen |^node:/

/** The last lines of an output whose tracebacks are shortened first. */
export function endOf(output: string, lines: number): string[] {
  return withoutFrames(output.trimEnd().split('\n')).slice(-lines)
}

/**
 * Lines without the calls of tracebacks, but for the innermost one of the project's own. There can be a hundred calls, and what
 * went wrong stands before and after.
 */
export function withoutFrames(lines: string[]): string[] {
  const kept: string[] = []
  let innermost: string[] = []
  let frame: { lines: string[]; indent: number } | undefined
  for (const line of lines) {
    const text = line.replace(PREFIX, '')
    if (frame && indentOf(text) > frame.indent) {
      frame.lines.push(line)
      continue
    }
    const [, indent = '', pythonFile] = PYTHON_FRAME.exec(text) ?? []
    const [, nodeFile] = NODE_FRAME.exec(text) ?? []
    frame = pythonFile === undefined ? undefined : { lines: [line], indent: indent.length }
    if (frame && isItsOwn(pythonFile)) innermost = frame.lines
    if (nodeFile && isItsOwn(nodeFile) && !innermost.length) innermost = [line]
    if (pythonFile ?? nodeFile) continue
    kept.push(...innermost, line)
    innermost = []
  }
  return [...kept, ...innermost]
}

function isItsOwn(file: string | undefined): boolean {
  return file !== undefined && !NOT_ITS_OWN.test(file)
}

function indentOf(text: string): number {
  return text.search(/\S|$/)
}
