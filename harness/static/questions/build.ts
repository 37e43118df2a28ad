/** What the build of an image does that its text alone shows. */

import { runningIn } from '../argv.ts'
import type { Declared } from '../contract.ts'
import { isFloating } from '../image.ts'
import { scriptsOf } from '../script.ts'
import { byRole, type Project, type Question } from './question.ts'

export const build: Question = {
  name: 'static/build',
  question: 'Does the build depend on nothing but what it is given, and give the image what it needs?',
  ask: (contract, project) =>
    byRole(contract, project.ownRoles, (declared) => {
      const stage = declared.image.build?.stage
      return {
        // https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
        floatingBases: (stage?.images ?? []).filter(isFloating),
        argumentsWithoutValue: stage?.missingArguments ?? [],
        // Nothing answers during a build: https://docs.docker.com/build/building/best-practices/
        asksServices: (stage?.runs ?? []).filter((run) => ASKS_SERVICES.test(run)),
        pastTheLock: (stage?.runs ?? []).flatMap(installsPastTheLock),
        staticFiles: staticFiles(declared, project),
      }
    }),
}

const ASKS_SERVICES =
  /\bmanage\.py\s+(migrate|loaddata|createsuperuser)\b|\b(flask db|alembic) upgrade\b|\bdb:migrate\b|\bpg_isready\b/

/** A lock file says what is installed; these commands do not ask it. https://docs.npmjs.com/cli/commands/npm-ci */
function installsPastTheLock(run: string): string[] {
  return run
    .split(/&&|\|\||;|\n/)
    .map((command) => command.replace(/\s+/g, ' ').trim())
    .filter((command) => {
      const [, words] = /\bpip3? install (.*)$/.exec(command) ?? []
      if (words !== undefined) return namesPackages(words)
      return /\bnpm (install|i)$/.test(command) || /\b(yarn|pnpm)( install)?$/.test(command)
    })
}

/** Of `pip install`: names beside, or in the place of, files of requirements. */
function namesPackages(words: string): boolean {
  const takesValue =
    /^(-r|--requirement|-c|--constraint|-i|--index-url|--extra-index-url|-f|--find-links|-t|--target|--prefix|--root)$/
  const list = words.match(/"[^"]*"|'[^']*'|\S+/g) ?? []
  return list.some((word, index) => {
    const name = word.replace(/^["']|["']$/g, '')
    const isName = /^[A-Za-z][\w.-]*(\[[^\]]*\])?([=<>!~].*)?$/.test(name) && !name.includes('/')
    return isName && !takesValue.test(list[index - 1] ?? '') && !/^(pip|setuptools|wheel|uv|poetry)\b/.test(name)
  })
}

/** https://docs.djangoproject.com/en/stable/howto/static-files/deployment/ */
function staticFiles(declared: Declared, project: Project): string | null {
  const { build } = declared.image
  if (!build || !/\bSTATIC_ROOT\b/.test(project.textIn(build.context))) return null
  if (build.stage?.runs.some((run) => run.includes('collectstatic'))) return 'collected in the image'
  const started = [...(runningIn(declared).argv ?? []), ...scriptsOf(declared, project).map(({ text }) => text)]
  return started.some((text) => text.includes('collectstatic')) ? 'collected at each start' : 'not collected'
}
