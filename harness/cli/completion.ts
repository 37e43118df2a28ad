import { type Command, InvalidArgumentError } from 'commander'
import { nearest } from '../config/nearest.ts'

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print what makes a shell complete verbs and options')
    .argument('<shell>', Object.keys(SCRIPTS).join(', '), shell)
    .addHelpText(
      'after',
      [
        '\nExample:',
        '  parity completion bash >> ~/.bashrc',
        '  parity completion zsh >> ~/.zshrc    # below compinit',
        '  parity completion fish > ~/.config/fish/completions/parity.fish',
      ].join('\n'),
    )
    .action((script: (verbs: Verb[]) => string) => console.log(script(verbsOf(program))))
}

function shell(name: string): (verbs: Verb[]) => string {
  const script = SCRIPTS[name]
  if (script) return script
  const meant = nearest(name, Object.keys(SCRIPTS))
  throw new InvalidArgumentError(
    `There are ${Object.keys(SCRIPTS).join(', ')}${meant ? `; did you mean ${meant}?` : '.'}`,
  )
}

interface Verb {
  name: string
  description: string
  options: { flag: string; description: string; takesValue: boolean }[]
}

function verbsOf(program: Command): Verb[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [
      ...command.options.map(({ long, description, required }) => ({
        flag: long ?? '',
        description,
        takesValue: required,
      })),
      { flag: '--help', description: 'display help', takesValue: false },
    ],
  }))
}

/** After a verb, what does not begin with a dash is a file or a folder of the project. */
const SCRIPTS: Record<string, (verbs: Verb[]) => string> = { bash, zsh, fish }

function bash(verbs: Verb[]): string {
  const cases = verbs.map(({ name, options }) => `    ${name}) words='${options.map(({ flag }) => flag).join(' ')}' ;;`)
  return `_parity() {
  local current=\${COMP_WORDS[COMP_CWORD]} words
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  if ((COMP_CWORD == 1)); then words='${verbs.map(({ name }) => name).join(' ')} --help --version'
  elif [[ $current != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    return
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o filenames -F _parity parity`
}

function zsh(verbs: Verb[]): string {
  const quoted = (text: string) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&')
  const cases = verbs.map(({ name, options }) => {
    const specs = options.map(({ flag, description, takesValue }) => {
      return `'${flag}[${quoted(description)}]${takesValue ? ':value:_files' : ''}'`
    })
    return `    ${name}) _arguments ${specs.join(' ')} '*:file:_files' ;;`
  })
  return `_parity() {
  local -a verbs=(${verbs.map(({ name, description }) => `'${name}:${quoted(description)}'`).join(' ')})
  if ((CURRENT == 2)); then
    _describe verb verbs
    return
  fi
  local verb=$words[2]
  shift words
  ((CURRENT--))
  case $verb in
${cases.join('\n')}
  esac
}
compdef _parity parity`
}

function fish(verbs: Verb[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  return verbs
    .flatMap(({ name, description, options }) => [
      `complete -c parity -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
      ...options.map(({ flag, description, takesValue }) => {
        const value = takesValue ? ' -r' : ''
        return `complete -c parity -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}${value} -d ${quoted(description)}`
      }),
    ])
    .join('\n')
}
