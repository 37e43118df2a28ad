/** Where an image is told what it is: the Dockerfile's lines that are in effect for its stage. */
import { readFileSync } from 'node:fs'
import type { Role, Source } from '../../model.ts'
import type { DeclaredImage } from '../contract.ts'
import { type Placing, place } from './place.ts'

const WHAT: Record<string, string> = {
  FROM: 'image',
  CMD: 'command',
  ENTRYPOINT: 'command',
  USER: 'user',
  EXPOSE: 'port',
  HEALTHCHECK: 'health check',
}

export function sourcesInDockerfile({ build }: DeclaredImage, role: Role, placing: Placing): Source[] {
  if (!build?.stage) return []
  const lines = readFileSync(build.dockerfile, 'utf8').split(/\r?\n/)
  return Object.entries(build.stage.lines).flatMap(([instruction, first]) => {
    const variable = /^ENV (.+)$/.exec(instruction)?.[1]
    const what = variable === undefined ? WHAT[instruction] : `env ${variable}`
    if (what === undefined) return []
    // A variable can stand some lines below its ENV.
    const own =
      variable === undefined
        ? -1
        : lines.slice(first - 1).findIndex((line) => new RegExp(`(^|\\s)${variable}[= ]`).test(line))
    const line = own < 0 ? first : first + own
    return [place(placing, role, what, { file: build.dockerfile, line, text: lines[line - 1] ?? '' })]
  })
}
