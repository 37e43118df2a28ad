/** Kubernetes objects as far as they are read here. https://kubernetes.io/docs/reference/kubernetes-api/ */
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

export interface Manifest {
  kind: string
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> }
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the kind, and a chart can write anything there
  spec?: any
  data?: Record<string, unknown>
  stringData?: Record<string, unknown>
  /** The template that it comes from, absolute. */
  source?: string
}

export interface Container {
  name: string
  image?: string
  command?: string[]
  args?: string[]
  workingDir?: string
  env?: { name: string; value?: string; valueFrom?: Record<string, { name: string; key: string }> }[]
  envFrom?: { prefix?: string; configMapRef?: { name: string }; secretRef?: { name: string } }[]
  ports?: { name?: string; containerPort: number }[]
  volumeMounts?: { name: string; mountPath: string }[]
  resources?: Record<'limits' | 'requests', Record<string, string | number>>
  securityContext?: { runAsUser?: number; runAsGroup?: number }
  startupProbe?: Probe
  readinessProbe?: Probe
  livenessProbe?: Probe
}

export interface Probe {
  exec?: { command: string[] }
  httpGet?: { path?: string; port: string | number; httpHeaders?: { name: string; value: string }[] }
  timeoutSeconds?: number
  periodSeconds?: number
  initialDelaySeconds?: number
  failureThreshold?: number
}

export interface PodSpec {
  containers?: Container[]
  initContainers?: Container[]
  volumes?: ({ name: string } & Record<string, unknown>)[]
  securityContext?: { runAsUser?: number; runAsGroup?: number }
  terminationGracePeriodSeconds?: number
  enableServiceLinks?: boolean
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: PodSpec
}

/** @param chart folder of the chart that it was rendered from: `# Source: NAME/templates/web.yaml` is a file in it */
export function parseManifests(text: string, chart?: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const manifest = document.toJS() as Manifest | null
    if (manifest?.kind === undefined || manifest.metadata === undefined) return []
    const [, path] =
      /Source: [^/\s]+\/(\S+)/.exec(`${document.commentBefore ?? ''}\n${document.contents?.commentBefore ?? ''}`) ?? []
    return [{ ...manifest, ...(chart !== undefined && path !== undefined && { source: join(chart, path) }) }]
  })
}

/** The pods that an object makes, whatever makes them. */
export function podTemplateOf({ kind, metadata, spec }: Manifest): PodTemplate | undefined {
  if (kind === 'Pod') return { metadata, spec }
  if (kind === 'CronJob') return spec?.jobTemplate?.spec?.template
  return spec?.template?.spec ? spec.template : undefined
}

export function isWorkload({ kind }: Manifest): boolean {
  return ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind)
}

/** `pre-install,pre-upgrade` as a list; empty for what is no hook. https://helm.sh/docs/topics/charts_hooks/ */
export function hooksOf({ metadata }: Manifest): string[] {
  return (metadata.annotations?.['helm.sh/hook'] ?? '')
    .split(',')
    .map((hook) => hook.trim())
    .filter(Boolean)
}

/** Services that lead to pods with these labels. */
export function servicesTo(labels: Record<string, string> = {}, manifests: Manifest[]): Manifest[] {
  return manifests.filter(({ kind, spec }) => {
    const selector: [string, unknown][] = Object.entries(kind === 'Service' ? (spec?.selector ?? {}) : {})
    return selector.length > 0 && selector.every(([name, value]) => labels[name] === value)
  })
}

/** What a Secret or ConfigMap holds, decoded. */
export function contentOf({ kind, data = {}, stringData = {} }: Manifest): Record<string, string> {
  const decoded = Object.entries(data).map(([name, value]) => [
    name,
    kind === 'Secret' ? Buffer.from(String(value), 'base64').toString('utf8') : String(value),
  ])
  return { ...Object.fromEntries(decoded), ...stringData }
}
