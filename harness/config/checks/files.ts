/** Everything that parity.yaml names on this machine is there. */
import { readFileSync, type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { didYouMean } from '../nearest.ts'
import type { Finding, Path } from '../problem.ts'
import type { ImageBuild } from '../schema.ts'
import type { Subject } from './index.ts'

export function* checkFiles(subject: Subject): Generator<Finding> {
  const { directory, settings } = subject
  for (const [name, environment] of Object.entries(settings.environments)) {
    const at = ['environments', name]
    if (environment.kind === 'compose') {
      const files = typeof environment.file === 'string' ? [environment.file] : environment.file
      for (const [index, file] of files.entries()) {
        yield* exists(directory, file, 'file', [
          ...at,
          'file',
          ...(typeof environment.file === 'string' ? [] : [index]),
        ])
      }
      if (environment.envFile) yield* exists(directory, environment.envFile, 'file', [...at, 'envFile'])
      continue
    }
    for (const [image, build] of Object.entries(environment.images)) {
      yield* checkBuild(subject, build, [...at, 'images', image])
    }
    for (const [role, service] of Object.entries(environment.services)) {
      for (const [target, file] of Object.entries(service.files)) {
        yield* exists(directory, file, 'file or folder', [...at, 'services', role, 'files', target])
      }
    }
  }
}

function* checkBuild({ directory, written }: Subject, build: ImageBuild, at: Path): Generator<Finding> {
  const missingContext = [...exists(directory, build.context, 'folder', [...at, 'context'])]
  yield* missingContext
  for (const [id, file] of Object.entries(build.secrets)) {
    yield* exists(directory, file, 'file', [...at, 'secrets', id])
  }
  const isDefault = build.file === undefined
  if (isDefault && (missingContext.length > 0 || written(at).includes('file'))) return
  const dockerfile = build.file ?? join(build.context, 'Dockerfile')
  const missing = [...exists(directory, dockerfile, 'file', [...at, isDefault ? 'context' : 'file'])]
  yield* missing
  if (missing.length > 0 || build.target === undefined) return
  const stages = stagesOf(readFileSync(resolve(directory, dockerfile), 'utf8'))
  if (stages.includes(build.target.toLowerCase())) return
  yield {
    path: [...at, 'target'],
    message: `${dockerfile} has no stage "${build.target}"${didYouMean(build.target, stages)} (stages: ${stages.join(', ') || 'none has a name'})`,
  }
}

/** The names in `FROM … AS name`, in lower case: Docker compares them so. */
function stagesOf(dockerfile: string): string[] {
  return [...dockerfile.matchAll(/^[ \t]*FROM[ \t].*?[ \t]AS[ \t]+(\S+)/gim)].map(([, name]) =>
    String(name).toLowerCase(),
  )
}

type FileKind = 'file' | 'folder' | 'file or folder'

function* exists(directory: string, file: string, kind: FileKind, path: Path): Generator<Finding> {
  const found = statSync(resolve(directory, file), { throwIfNoEntry: false })
  if (!found) yield { path, message: `${file} does not exist` }
  else if (!isOfKind(found, kind)) yield { path, message: `${file} is not a ${kind}` }
}

function isOfKind(found: Stats, kind: FileKind): boolean {
  return kind === 'folder' ? found.isDirectory() : kind === 'file' ? !found.isDirectory() : true
}
