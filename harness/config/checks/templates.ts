/** Every `${…}` in the description of an environment stands for something. */
import type { Template } from '../../environments/rules/index.ts'
import type { Json } from '../../model.ts'
import { didYouMean } from '../nearest.ts'
import type { Finding, Path } from '../problem.ts'
import { type EnvironmentSubject, environmentsOf } from './environments.ts'
import type { Subject } from './index.ts'

export function* checkTemplates(subject: Subject): Generator<Finding> {
  for (const environment of environmentsOf(subject)) yield* checkInEnvironment(environment)
}

export interface Found {
  /** What stands between the braces. */
  text: string
  path: Path
}

export function* templatesIn(value: Json | undefined, path: Path): Generator<Found> {
  if (typeof value === 'string') {
    for (const [, text] of value.matchAll(/\$\{([^{}]*)\}/g)) yield { text: String(text), path }
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* templatesIn(item, [...path, index])
  } else if (value) {
    for (const [key, member] of Object.entries(value)) yield* templatesIn(member, [...path, key])
  }
}

/** Only what has a dot is looked at: `${NAME}` alone may be meant for the program that reads the value. */
function* checkInEnvironment({ name, rules, section }: EnvironmentSubject): Generator<Finding> {
  const vars = section.written([...section.at, 'vars'])
  const templates = rules.templates(section)
  const usable = inWords([...templates.map(({ form }) => form), '${vars.NAME}'])
  const found = [...rules.templated(section)].flatMap(({ value, path }) => [...templatesIn(value, path)])
  for (const { text, path } of found.filter(({ text }) => text.includes('.'))) {
    const message = text.startsWith('vars.')
      ? faultOfVariable(text.slice('vars.'.length), vars, name)
      : faultOf(text, templates, usable)
    if (message) yield { path, message: `\${${text}}${message}` }
  }
}

function faultOfVariable(variable: string, vars: string[], environment: string): string | undefined {
  if (vars.includes(variable)) return undefined
  return ` stands for nothing: environments.${environment}.vars has no "${variable}"${didYouMean(variable, vars)}`
}

function faultOf(text: string, templates: Template[], usable: string): string | undefined {
  for (const { form, choice, obstacle } of templates) {
    const chosen = chosenIn(text, form)
    if (chosen === undefined || !choice) continue
    const { called, names } = choice
    if (names.includes(chosen)) {
      const reason = obstacle?.(chosen)
      return reason && `: ${reason}`
    }
    return `: there is no ${called} "${chosen}"${didYouMean(chosen, names)} (${called}s: ${names.join(', ') || 'none'})`
  }
  return ` stands for nothing; what can be used here: ${usable}`
}

/** What `database.host` has in the place of `ROLE` in `${ROLE.host}`; undefined when it is not of that form. */
function chosenIn(text: string, form: string): string | undefined {
  const [parts, wanted] = [text.split('.'), form.slice('${'.length, -'}'.length).split('.')]
  const isChoice = (part: string | undefined) => /^[A-Z]+$/.test(part ?? '')
  const fits = parts.length === wanted.length && wanted.every((part, index) => isChoice(part) || part === parts[index])
  return fits ? parts[wanted.findIndex(isChoice)] : undefined
}

function inWords(items: string[]): string {
  return items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
