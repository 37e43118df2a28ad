/** What one container of a pod is declared to be. */
import type { Check, Declared, DeclaredImage, Mount, Variable } from '../contract.ts'
import { undeclared } from '../declared.ts'
import {
  type Container,
  contentOf,
  type Manifest,
  type PodSpec,
  type PodTemplate,
  type Probe,
  servicesTo,
} from './manifest.ts'

export interface PodContext {
  manifests: Manifest[]
  namespace: string
  imageOf: (reference: string) => DeclaredImage
}

/** @param container name of one of its containers; default: the first */
export function declaredIn(
  owner: Manifest,
  { metadata, spec }: PodTemplate,
  container: string | undefined,
  { manifests, namespace, imageOf }: PodContext,
): Declared {
  const containers = spec.containers ?? []
  const main = containers.find(({ name }) => name === container) ?? containers[0] ?? { name: owner.metadata.name }
  const context = { ...spec.securityContext, ...main.securityContext }
  const names = servicesTo(metadata?.labels, manifests).map((service) => service.metadata.name)
  const { replicas = 1, strategy, updateStrategy } = owner.spec ?? {}
  return {
    ...undeclared(owner.metadata.name, imageOf(main.image ?? '')),
    aliases: names.flatMap((name) => hostsOf(name, namespace)),
    ...(main.command && { entrypoint: main.command.map(String) }),
    ...(main.args && { command: main.args.map(String) }),
    ...(context.runAsUser !== undefined && { user: String(context.runAsUser) }),
    ...(context.runAsGroup !== undefined && { group: String(context.runAsGroup) }),
    ...(main.workingDir !== undefined && { directory: main.workingDir }),
    ports: (main.ports ?? []).map(({ containerPort }) => containerPort),
    variables: variablesOf(main, manifests),
    mounts: mountsOf(main, spec, owner, manifests),
    checks: checksOf(main),
    limits: strings(main.resources?.limits),
    requests: strings(main.resources?.requests),
    before: (spec.initContainers ?? []).map(({ name, command = [], args = [] }) =>
      [name, ...command, ...args].join(' '),
    ),
    replicas,
    overlaps: owner.kind === 'Deployment' && (strategy ?? updateStrategy)?.type !== 'Recreate',
    ...(spec.terminationGracePeriodSeconds !== undefined &&
      spec.terminationGracePeriodSeconds !== DEFAULT_GRACE_SECONDS && {
        graceSeconds: spec.terminationGracePeriodSeconds,
      }),
    serviceLinks: spec.enableServiceLinks !== false,
  }
}

const DEFAULT_GRACE_SECONDS = 30

/** The forms in which a Service's name resolves. https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ */
export function hostsOf(service: string, namespace: string): string[] {
  return ['', `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`].map((end) => service + end)
}

function variablesOf({ env = [], envFrom = [] }: Container, manifests: Manifest[]): Record<string, Variable> {
  const holder = (kind: string, name: string) =>
    manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)
  const variables: Record<string, Variable> = {}
  for (const { prefix = '', configMapRef, secretRef } of envFrom) {
    const kind = secretRef ? 'Secret' : 'ConfigMap'
    const name = (secretRef ?? configMapRef)?.name ?? ''
    const content = holder(kind, name)
    for (const [key, value] of Object.entries(content ? contentOf(content) : {})) {
      variables[prefix + key] = { value: String(value), from: `${kind} ${name}`, secret: kind === 'Secret' }
    }
  }
  for (const { name, value, valueFrom } of env) {
    const { secretKeyRef, configMapKeyRef } = valueFrom ?? {}
    const reference = secretKeyRef ?? configMapKeyRef
    if (!reference) {
      variables[name] = { ...(!valueFrom && { value: expanded(value ?? '', variables) }), from: 'pod', secret: false }
      continue
    }
    const kind = secretKeyRef ? 'Secret' : 'ConfigMap'
    const content = holder(kind, reference.name)
    const held = content && contentOf(content)[reference.key]
    const from = `${kind} ${reference.name}`
    variables[name] = { ...(held !== undefined && { value: String(held) }), from, secret: kind === 'Secret' }
  }
  return variables
}

/** https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/ */
function expanded(value: string, variables: Record<string, Variable>): string {
  return value.replace(/\$\((\w+)\)/g, (reference, name: string) => variables[name]?.value ?? reference)
}

function mountsOf({ volumeMounts = [] }: Container, spec: PodSpec, owner: Manifest, manifests: Manifest[]): Mount[] {
  const templates: Manifest[] = owner.spec?.volumeClaimTemplates ?? []
  return volumeMounts.map(({ name, mountPath }): Mount => {
    const template = templates.find(({ metadata }) => metadata.name === name)
    // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention
    if (template) {
      return { target: mountPath, type: 'volume', source: name, singleNode: isSingleNode(template), outlives: true }
    }
    const volume = (spec.volumes ?? []).find((volume) => volume.name === name)
    const claimName = (volume?.persistentVolumeClaim as { claimName?: string } | undefined)?.claimName
    if (claimName !== undefined) {
      const claim = manifests.find(
        ({ kind, metadata }) => kind === 'PersistentVolumeClaim' && metadata.name === claimName,
      )
      return {
        target: mountPath,
        type: 'volume',
        source: claimName,
        singleNode: claim !== undefined && isSingleNode(claim),
        outlives: claim?.metadata.annotations?.['helm.sh/resource-policy'] === 'keep',
      }
    }
    const file = volume && ('configMap' in volume || 'secret' in volume || 'projected' in volume)
    return { target: mountPath, type: file ? 'file' : volume?.hostPath ? 'bind' : 'scratch', source: name }
  })
}

function isSingleNode(claim: Manifest): boolean {
  const modes: string[] = claim.spec?.accessModes ?? []
  return modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')
}

function checksOf({ startupProbe, readinessProbe, livenessProbe }: Container): Check[] {
  const check = (by: Check['by'], probe: Probe | undefined): Check[] => {
    if (!probe) return []
    const { exec, httpGet, timeoutSeconds, periodSeconds, initialDelaySeconds, failureThreshold } = probe
    const headers = Object.fromEntries(
      (httpGet?.httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value]),
    )
    return [
      {
        by,
        ...(exec && { command: exec.command }),
        ...(httpGet && { http: { path: httpGet.path ?? '/', port: String(httpGet.port), headers } }),
        // Kubernetes' own defaults: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
        timeoutSeconds: timeoutSeconds ?? 1,
        periodSeconds: periodSeconds ?? 10,
        initialDelaySeconds: initialDelaySeconds ?? 0,
        failureThreshold: failureThreshold ?? 3,
      },
    ]
  }
  return [...check('startup', startupProbe), ...check('readiness', readinessProbe), ...check('liveness', livenessProbe)]
}

function strings(values: Record<string, string | number> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}
