/** Builds the project's images once, by BuildKit, all of them side by side. */
import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { ImageBuild } from '../config/schema.ts'
import { exec } from '../exec.ts'
import type { UpContext } from './adapter.ts'
import { scratchFolder } from './scratch.ts'

export interface BuiltImage {
  /** Names these very contents: a later build gets another tag. */
  tag: string
  id: string
  provenance: string
}

/** @returns for each name the image. @throws CommandError with the builder's last lines. */
export async function buildImages(
  builds: Record<string, ImageBuild>,
  context: UpContext,
): Promise<Record<string, BuiltImage>> {
  if (Object.keys(builds).length === 0) return {}
  const bake = {
    target: Object.fromEntries(
      Object.entries(builds).map(([name, build]) => [
        name,
        {
          context: resolve(context.directory, build.context),
          dockerfile: dockerfile(build, context.directory),
          target: build.target,
          args: build.args,
          secret: Object.entries(build.secrets).map(([id, file]) => `id=${id},src=${resolve(context.directory, file)}`),
          output: ['type=docker'],
        },
      ]),
    ),
  }
  await using scratch = await scratchFolder()
  const metadataFile = join(scratch.path, 'metadata.json')
  await exec(
    [
      'docker',
      'buildx',
      'bake',
      '--file',
      '-',
      '--metadata-file',
      metadataFile,
      '--progress',
      'plain',
      ...Object.keys(builds),
    ],
    {
      input: JSON.stringify(bake),
      signal: context.signal,
      env: { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
      onLine: stepLines(context.progress),
    },
  )
  const metadata: Record<string, Record<string, string>> = JSON.parse(await readFile(metadataFile, 'utf8'))
  return Object.fromEntries(
    await Promise.all(
      Object.entries(builds).map(async ([name, build]) => {
        const id = metadata[name]?.['containerimage.config.digest'] as string
        const tag = `parity/${context.project}-${name}:${id.slice(7, 19)}`
        await exec(['docker', 'tag', id, tag])
        return [name, { tag, id, provenance: describeBuild(build, context.directory) }] as const
      }),
    ),
  )
}

function dockerfile(build: ImageBuild, directory: string): string {
  return resolve(directory, build.file ?? join(build.context, 'Dockerfile'))
}

function describeBuild(build: ImageBuild, directory: string): string {
  return `built from ${relative(directory, dockerfile(build, directory))}${build.target ? ` (${build.target})` : ''}`
}

/** BuildKit's plain progress, thinned to the lines that name a step: `#12 [web builder 3/7] RUN pip install …`. */
export function stepLines(progress: (message: string) => void): (line: string) => void {
  return (line) => {
    const step = /^#\d+ (\[[^\]]+\] .+)$/.exec(line)?.[1]
    if (step && !/^\[[^\]]*\binternal\]/.test(step)) progress(step)
  }
}
