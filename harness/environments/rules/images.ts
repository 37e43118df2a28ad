/** Images that the project builds; written in the same way for every kind that has them. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { didYouMean } from '../../config/nearest.ts'
import type { Finding, Path } from '../../config/problem.ts'
import type { ImageBuild } from '../../config/schema.ts'
import type { NamedFile, Section } from './rules.ts'

type Built = Section<{ images: Record<string, ImageBuild> }>

export function* filesOfImages(section: Built): Generator<NamedFile> {
  for (const { build, path, dockerfile } of buildsOf(section)) {
    const holding = build.file === undefined && dockerfile !== undefined ? 'Dockerfile' : undefined
    yield { file: build.context, type: 'folder', holding, path: [...path, 'context'] }
    if (build.file !== undefined) yield { file: build.file, type: 'file', path: [...path, 'file'] }
    for (const [id, file] of Object.entries(build.secrets)) {
      yield { file, type: 'file', path: [...path, 'secrets', id] }
    }
  }
}

export function* checkStages(section: Built): Generator<Finding> {
  for (const { build, path, dockerfile } of buildsOf(section)) {
    if (build.target === undefined || dockerfile === undefined) continue
    const stages = stagesOf(resolve(section.directory, dockerfile))
    if (!stages || stages.includes(build.target.toLowerCase())) continue
    yield {
      path: [...path, 'target'],
      message: `${dockerfile} has no stage "${build.target}"${didYouMean(build.target, stages)} (stages: ${stages.join(', ') || 'none has a name'})`,
    }
  }
}

/** The Dockerfile is undefined when one is written down that could not be read from parity.yaml. */
function* buildsOf({ spec, at, written }: Built): Generator<{ build: ImageBuild; path: Path; dockerfile?: string }> {
  for (const [name, build] of Object.entries(spec.images)) {
    const path = [...at, 'images', name]
    const usual = written(path).includes('file') ? undefined : join(build.context, 'Dockerfile')
    yield { build, path, dockerfile: build.file ?? usual }
  }
}

/**
 * The names in `FROM … AS name`, in lower case: Docker compares them so.
 * Undefined when there is no such file, which is told where it is named.
 */
function stagesOf(dockerfile: string): string[] | undefined {
  let text: string
  try {
    text = readFileSync(dockerfile, 'utf8')
  } catch {
    return undefined
  }
  return [...text.matchAll(/^[ \t]*FROM[ \t].*?[ \t]AS[ \t]+(\S+)/gim)].map(([, name]) => String(name).toLowerCase())
}
