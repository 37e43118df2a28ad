import { called, containersIn, type FaultFinder } from './release.ts'

/** Utilization is a share of what is requested. https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ */
export const autoscalersWithoutRequests: FaultFinder = ({ manifests }) =>
  manifests
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .filter(({ spec }) => {
      const target = manifests.find(
        ({ kind, metadata }) => kind === spec?.scaleTargetRef?.kind && metadata.name === spec?.scaleTargetRef?.name,
      )
      const resources: string[] = (spec?.metrics ?? []).flatMap(
        (metric: { resource?: { name: string; target?: { type?: string } } }) =>
          metric.resource && metric.resource.target?.type !== 'AverageValue' ? [metric.resource.name] : [],
      )
      const wanted = spec?.targetCPUUtilizationPercentage === undefined ? resources : [...resources, 'cpu']
      const containers = target ? containersIn(target) : []
      return wanted.some((name) =>
        // A limit without a request is a request too.
        containers.some(({ resources }) => !(resources?.requests?.[name] ?? resources?.limits?.[name])),
      )
    })
    .map(called)
