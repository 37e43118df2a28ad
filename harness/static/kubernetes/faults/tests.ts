import { hooksOf } from '../manifest.ts'
import { hostsOf } from '../pod.ts'
import { called, containersIn, type FaultFinder, type Release } from './release.ts'

/** `helm test` can only ask what a Service leads to. https://helm.sh/docs/topics/chart_tests/ */
export const testsOfNothing: FaultFinder = (release) =>
  release.manifests
    .filter((manifest) => hooksOf(manifest).includes('test'))
    .flatMap((test) =>
      containersIn(test)
        .flatMap(({ command = [], args = [], env = [] }) => [
          ...command,
          ...args,
          ...env.map(({ value }) => value ?? ''),
        ])
        .flatMap((text) => addressesIn(String(text)))
        .filter(({ host, port }) => leadsNowhere(host, port, release))
        .map(({ host, port }) => `${called(test)}: ${host}${port ? `:${port}` : ''}`),
    )

/** Names that only the cluster can know: in a URL, or with a port at the end of a word. */
function addressesIn(text: string): { host: string; port?: number }[] {
  const found = text.matchAll(
    /(?:\b[a-z]+:\/\/|(?:^|\s))([a-z][a-z0-9-]*(?:\.[a-z0-9.-]+)?)(?::(\d{2,5}))?(?=[/\s"']|$)/g,
  )
  return [...found]
    .filter(([whole, host, port]) => (whole.includes('://') || port) && isInternal(host as string))
    .map(([, host, port]) => ({ host: host as string, ...(port && { port: Number(port) }) }))
}

function isInternal(host: string): boolean {
  return host !== 'localhost' && (!host.includes('.') || /\.svc(\.|$)/.test(host))
}

function leadsNowhere(host: string, port: number | undefined, { all, namespace }: Release): boolean {
  const service = all.find(
    ({ kind, metadata }) => kind === 'Service' && hostsOf(metadata.name, namespace).includes(host),
  )
  const ports: { port: number }[] = service?.spec?.ports ?? []
  return !service || (port !== undefined && !ports.some((each) => each.port === port))
}
