/** The images that the files name. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ImageBuild } from '../config/schema.ts'
import type { DeclaredImage } from './contract.ts'
import { parseDockerfile } from './dockerfile.ts'
import { stageOf } from './stage.ts'

/** One that the project builds. A Dockerfile that cannot be read gives no stage; the build itself will tell why. */
export function builtImage(
  { context, file = 'Dockerfile', target, args }: Pick<ImageBuild, 'context' | 'file' | 'target' | 'args'>,
  reference: string,
): DeclaredImage {
  const dockerfile = resolve(context, file)
  return { reference, build: { context, dockerfile, target, stage: stageIn(dockerfile, target, args) } }
}

/** As parity.yaml has it: the context and the file relative to its folder. */
export function imageOfBuild(build: ImageBuild, name: string, directory: string): DeclaredImage {
  const file = build.file === undefined ? undefined : resolve(directory, build.file)
  return builtImage({ ...build, context: resolve(directory, build.context), file }, name)
}

function stageIn(file: string, target: string | undefined, args: Record<string, string>) {
  try {
    return stageOf(parseDockerfile(readFileSync(file, 'utf8')), target, args)
  } catch {
    return undefined
  }
}

/** `registry.example:5000/library/postgres:17-trixie@sha256:…` in its parts. */
export function partsOf(reference: string): { name: string; tag?: string; digest?: string } {
  const [path = '', digest] = reference.split('@')
  const last = path.slice(path.lastIndexOf('/') + 1)
  const [name = '', tag] = last.split(':')
  return { name, tag, digest }
}

/** It names another image tomorrow: no tag, or one that says no version. */
export function isFloating(reference: string): boolean {
  const { tag, digest } = partsOf(reference)
  return digest === undefined && reference !== 'scratch' && !/\d/.test(tag ?? '')
}
