/** The images that a project builds, at the stage that goes to production. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseDockerfile } from '../static/dockerfile.ts'
import { type Stage, stageOf } from '../static/stage.ts'
import type { ComposeService } from './compose.ts'
import { asName } from './roles.ts'

export interface Image {
  /** Under `images` in parity.yaml. */
  name: string
  context: string
  /** Relative to the project. */
  file: string
  target?: string
  args: Record<string, string>
  stage: Stage
  /** Why this stage. */
  why: string
  /** What the compose file builds. */
  development?: Stage
}

export type Build = NonNullable<ComposeService['build']>

/** By Dockerfile; those that cannot be read are left out. @param builds each with the name of its service */
export function imagesOf(folder: string, builds: [service: string, Build][]): Map<string, Image> {
  const images = new Map<string, Image>()
  const names = new Set<string>()
  for (const [service, { context, file, target: development, args }] of builds) {
    if (images.has(file) || !existsSync(join(folder, file))) continue
    const read = (path: string) => parseDockerfile(readFileSync(join(folder, path), 'utf8'))
    const forProduction = besides(file).find((path) => existsSync(join(folder, path)))
    const dockerfile = read(forProduction ?? file)
    const { target, why } = productionOf(dockerfile.stages.map(({ name }) => name))
    const stage = stageOf(dockerfile, target, args)
    if (!stage) continue
    const shared = builds.filter(([, build]) => build.file === file).length > 1
    const wanted = context !== '.' ? asName(basename(context)) : shared ? 'app' : asName(service)
    const name = names.has(wanted) ? asName(`${wanted}-${service}`) : wanted
    names.add(name)
    images.set(file, {
      name,
      context,
      file: forProduction ?? file,
      target,
      args,
      stage,
      why: forProduction ? `${forProduction} beside ${file}, ${why}` : why,
      development: stageOf(read(file), development, args),
    })
  }
  return images
}

/** Where a project with a Dockerfile for each purpose has the one for production, when this one is for development. */
function besides(file: string): string[] {
  const DEVELOPMENT = /\b(development|dev|local)\b/gi
  if (!DEVELOPMENT.test(file)) return []
  const named = ['production', 'prod'].map((name) => file.replaceAll(DEVELOPMENT, name))
  return [...named, file.replace(/(Dockerfile)[.-]\w+$|\w+\.(Dockerfile)$/i, '$1$2')]
}

/** Without a compose file: a Dockerfile is built from the folder in which it stands. */
export function buildOf(file: string): Build {
  return { context: dirname(file), file, args: {} }
}

const PRODUCTION = /^(production|prod|release|runtime|deploy|final)/i
const NOT_PRODUCTION = /dev|test|debug|local|lint|^ci$/i

function productionOf(stages: (string | undefined)[]): { target?: string; why: string } {
  const production = stages.findLast((name) => name && PRODUCTION.test(name))
  if (production) return { target: production, why: `the stage "${production}" by its name` }
  const last = stages.at(-1)
  if (!last || !NOT_PRODUCTION.test(last)) return { target: last, why: 'the last stage of the Dockerfile' }
  const earlier = stages.findLast((name) => name && !NOT_PRODUCTION.test(name))
  return { target: earlier ?? last, why: `"${earlier ?? last}", as "${last}" is not what goes to production` }
}
