import { relative } from 'node:path'
import type { Json } from '../../model.ts'
import { isFloating, partsOf } from '../image.ts'
import { byRole, type Question } from './question.ts'

export const image: Question = {
  name: 'static/image',
  question: 'From which stage is the image built, or which version of a ready-made one is it?',
  ask: (contract, { roles, directory }) =>
    byRole(contract, roles, ({ image: { reference, build } }): Json => {
      if (build) {
        const stage = build.stage?.name ?? null
        return {
          dockerfile: relative(directory, build.dockerfile),
          stage: build.target ?? stage,
          found: stage !== null,
        }
      }
      const { name, tag = '' } = partsOf(reference)
      return { name, version: /^v?(\d+)/.exec(tag)?.[1] ?? null, floating: isFloating(reference) }
    }),
}
