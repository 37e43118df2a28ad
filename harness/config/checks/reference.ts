import { didYouMean } from '../nearest.ts'
import type { Finding } from '../problem.ts'
import type { Subject } from './index.ts'

export function* checkReference({ settings, written }: Subject): Generator<Finding> {
  const environments = written(['environments'])
  if (settings.reference === '' || environments.includes(settings.reference)) return
  yield {
    path: ['reference'],
    message: `there is no environment "${settings.reference}"${didYouMean(settings.reference, environments)} (environments: ${environments.join(', ') || 'none'})`,
  }
}
