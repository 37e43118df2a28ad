// What set-up prints: one line for each thing it does, and a sign of life while that takes long.
const HEARTBEAT_SECONDS = 20
const LATEST_LENGTH = 100
const isTerminal = process.stdout.isTTY === true

/**
 * Does one piece of work and prints what it was, why it was needed and how long it took.
 * The work may call `progress` with its latest line, and `outcome` to say how it came out.
 *
 * @template T
 * @param {string} what
 * @param {string} why
 * @param {(say: { progress: (line: string) => void, outcome: (text: string) => void }) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function activity(what, why, work) {
  const start = performance.now()
  const elapsed = () => `${((performance.now() - start) / 1000).toFixed(1)} s`
  let latest = ''
  let result = why
  const show = () => {
    if (isTerminal) overwrite(`… ${what} (${elapsed()}) ${latest}`)
    else process.stdout.write(`… ${what} (${elapsed()}) ${latest.slice(0, LATEST_LENGTH)}\n`)
  }
  const timer = setInterval(show, isTerminal ? 200 : HEARTBEAT_SECONDS * 1000)
  try {
    if (isTerminal) show()
    const value = await work({ progress: (line) => (latest = line), outcome: (text) => (result = text) })
    finish(`✓ ${what}: ${result} (${elapsed()})`)
    return value
  } catch (error) {
    finish(`✗ ${what}: ${why} (${elapsed()})`)
    throw error
  } finally {
    clearInterval(timer)
  }
}

function overwrite(text) {
  process.stdout.write(`\r\x1b[2K${text.slice(0, (process.stdout.columns ?? 80) - 1)}`)
}

function finish(text) {
  if (isTerminal) overwrite('')
  process.stdout.write(`${text}\n`)
}

/** @param {{ step: string, item: string, present: boolean, detail: string }[]} rows */
export function printTable(rows) {
  const width = Math.max(...rows.map((row) => row.item.length))
  for (const row of rows) {
    process.stdout.write(`${row.present ? 'present' : 'MISSING'}  ${row.item.padEnd(width)}  ${row.detail}\n`)
  }
}
