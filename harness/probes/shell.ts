/** Commands in a shell that stays open inside a service during a round. */
import { randomBytes } from 'node:crypto'
import { CommandError, type ExecResult } from '../exec.ts'
import type { Service } from '../model.ts'
import { converseInTurn } from './round.ts'

const GREETING_SECONDS = 30
/** What the shell itself says of its commands, with line numbers and process ids, is nothing that they have printed. */
const HUSH = 'exec 3>&2 2>/dev/null'
const ABSENT = 'absent'

/**
 * What a command answered, whatever its exit code.
 * @returns null where there is no shell, or no such program: nothing has run
 * @throws CommandError when it does not end in time, or takes the shell with it
 */
export async function inShell(
  service: Service,
  command: string[],
  { input = '', timeoutSeconds, signal }: { input?: string; timeoutSeconds: number; signal: AbortSignal },
): Promise<ExecResult | null> {
  const words = command.map(quoted)
  let isOpen = false
  const said = await converseInTurn([...service.exec, 'sh'], signal, {
    greet: ({ ask }) => {
      const end = newEnd()
      return ask(`${HUSH}; printf %s ${end}\n`, { endsWith: end, timeoutSeconds: GREETING_SECONDS })
    },
    ask: ({ ask }) => {
      isOpen = true
      const end = newEnd()
      return ask(
        `if command -v ${words[0]} >/dev/null
then printf %s ${quoted(input)} | ${words.join(' ')} 2>&3 3>&-; code=$?
else code=${ABSENT}; fi
printf '\\036%s%s' "$code" ${end}; printf %s ${end} >&3
`,
        { endsWith: end, errorsEndWith: end, timeoutSeconds },
      )
    },
  }).catch((error) => {
    if (error instanceof CommandError && !isOpen) return null
    throw error
  })
  if (!said) return null
  const codeAt = said.stdout.lastIndexOf('\x1e')
  const code = said.stdout.slice(codeAt + 1)
  if (code === ABSENT) return null
  return {
    stdout: withoutLastNewline(said.stdout.slice(0, codeAt)),
    stderr: withoutLastNewline(said.stderr),
    exitCode: Number(code),
  }
}

/** What no command prints. */
function newEnd(): string {
  return `end-${randomBytes(12).toString('hex')}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, '')
}
