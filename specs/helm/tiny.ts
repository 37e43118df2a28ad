/** The tiny chart of the specs as environments. */
import { kindEnvironment } from '../../harness/config/schema.ts'
import type { UpContext } from '../../harness/environments/adapter.ts'
import type { Json } from '../../harness/model.ts'
import { redactor } from '../../harness/secrets.ts'

export const project = 'contract'

export const context = (name: string): UpContext => ({
  project,
  name,
  directory: import.meta.dirname,
  redactor: redactor(project),
  signal: AbortSignal.timeout(300_000),
  progress: () => {},
  keep: false,
})

/** @param set values of the chart */
export const tiny = (set: Record<string, Json> = {}) => ({
  charts: [{ release: 'tiny', chart: 'chart', set }],
  upgrade: { tiny: { level: 'changed' } },
  services: { web: { workload: 'deployment/web', port: 80 }, database: { workload: 'statefulset/database' } },
})

export const kindSpec = (set?: Record<string, Json>) => kindEnvironment.parse({ kind: 'kind', ...tiny(set) })
