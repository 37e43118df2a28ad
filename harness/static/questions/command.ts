import { runningIn } from '../argv.ts'
import type { Declared } from '../contract.ts'
import { goesOnAfterFailure, scriptsOf, staysBetween } from '../script.ts'
import { byRole, type Project, type Question } from './question.ts'

export const command: Question = {
  name: 'static/command',
  question: 'What is run, and does it get the signals?',
  ask: (contract, project) =>
    byRole(contract, project.ownRoles, (declared) => {
      const { argv, form, replaced } = runningIn(declared)
      const scripts = scriptsOf(declared, project)
      const words = [...(argv ?? []), ...scripts.map(({ text }) => text)].join(' ')
      return {
        argv: argv?.map((word) => withoutSecrets(withoutName(word, declared, project), project)) ?? null,
        // https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example
        form: scripts.some(staysBetween) ? 'shell' : form,
        // Whatever the image's own entrypoint prepares is left out.
        entrypointNotRun: replaced ?? null,
        goesOnAfterFailure: scripts.filter(goesOnAfterFailure).map(({ file }) => file),
        onlyFromInside:
          LOOPBACK.exec(words)?.[0].trim() ??
          CONFIGURED_LOOPBACK.exec(configuration(words, declared.image.build?.context, project))?.[0] ??
          null,
        leavesItsProcess: /\bcelery\b.*\bmulti\b|--detach\b|\btail\s+-[fF]\b/.exec(words)?.[0] ?? null,
        loadsDataAtEachStart: /\bmanage\.py\s+(loaddata|flush)\b|\bdb:seed\b/.exec(words)?.[0] ?? null,
      }
    }),
}

/** Servers told to listen on the loopback address; Django's development server does so when told nothing. */
const LOOPBACK =
  /(?:--?b(?:ind)?|--host|-h|--listen)[ =](?:127\.0\.0\.1|localhost)\S*|\brunserver(?= *$| +(?:127\.0\.0\.1|localhost|\d+$|--))\S*/
/** https://gunicorn.org/reference/settings/#bind */
const CONFIGURED_LOOPBACK = /^\s*bind\s*=\s*["'](?:127\.0\.0\.1|localhost)[^"']*["']/m

function configuration(words: string, context: string | undefined, { filesIn }: Project): string {
  if (context === undefined || !/\bgunicorn\b/.test(words)) return ''
  const [, named] = /(?:--config|-c)[ =](?:file:)?(\S+)/.exec(words) ?? []
  return filesIn(context).get(named ?? 'gunicorn.conf.py') ?? ''
}

/** How a module calls its application is its own affair, as long as it does: `shop.wsgi:application`. */
function withoutName(word: string, { image: { build } }: Declared, { filesIn }: Project): string {
  const [, module, name] = /^(\w+(?:\.\w+)+):(\w+)$/.exec(word) ?? []
  if (!build || !module) return word
  const text = filesIn(build.context).get(`${module.replaceAll('.', '/')}.py`) ?? ''
  return new RegExp(`^${name}\\s*[=:]`, 'm').test(text) ? `${module}:<application>` : word
}

/** `--password=…`, and passwords in URLs, which the redactor knows by their form. */
function withoutSecrets(word: string, { isSecret }: Project): string {
  const [, option, value] = /^(--?[\w-]+)=(.+)$/s.exec(word) ?? []
  return option && value && isSecret(option.replace(/^-+/, '').replaceAll('-', '_')) ? `${option}=<secret>` : word
}
