import { type Container, type Manifest, type Probe, podTemplateOf, servicesTo } from '../manifest.ts'
import { called, containersIn, type FaultFinder, type Release } from './release.ts'

/** https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports */
export const portsToNowhere: FaultFinder = (release) => [
  ...release.manifests
    .filter(({ kind, spec }) => kind === 'Service' && spec?.selector)
    .flatMap((service) => ofService(service, release)),
  ...release.manifests.flatMap(ofProbes),
]

function ofService(service: Manifest, { all, imageOf }: Release): string[] {
  const pods = all.filter((manifest) => servicesTo(podTemplateOf(manifest)?.metadata?.labels, [service]).length > 0)
  if (pods.length === 0) return [`${called(service)} selects no pod`]
  const ports: { port: number; targetPort?: number | string; protocol?: string }[] = service.spec?.ports ?? []
  return ports
    .filter(({ port, targetPort = port }) => !pods.some((pod) => serves(containersIn(pod), targetPort, imageOf)))
    .map(
      ({ port, targetPort = port }) =>
        `${called(service)}: ${port} leads to ${targetPort}, which is no port of its pods`,
    )
}

/** What a pod serves it need not declare; then the image's EXPOSE tells, and where that says nothing, nobody can. */
function serves(containers: Container[], target: number | string, imageOf: Release['imageOf']): boolean {
  const declared = containers.flatMap(({ ports = [] }) => ports)
  if (typeof target === 'string' && !/^\d+$/.test(target)) return declared.some(({ name }) => name === target)
  const exposed = containers.flatMap(({ image = '' }) => imageOf(image).build?.stage?.ports ?? [])
  const known = declared.length ? declared.map(({ containerPort }) => containerPort) : exposed
  return known.length === 0 || known.includes(Number(target))
}

function ofProbes(manifest: Manifest): string[] {
  return containersIn(manifest).flatMap(({ name, ports = [], startupProbe, readinessProbe, livenessProbe }) => {
    const probes: [string, Probe | undefined][] = [
      ['startup', startupProbe],
      ['readiness', readinessProbe],
      ['liveness', livenessProbe],
    ]
    return probes
      .filter(([, probe]) => {
        const port = probe?.httpGet?.port
        if (port === undefined || ports.length === 0) return false
        return !ports.some((other) => other.name === port || other.containerPort === Number(port))
      })
      .map(
        ([kind, probe]) => `${called(manifest)}, ${name}: ${kind} asks ${probe?.httpGet?.port}, which is no port of it`,
      )
  })
}
