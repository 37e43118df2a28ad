/** Charts, what they expect to be there, and the workloads that carry the roles: for `kind` and `cluster` alike. */
import { dotted, type Finding, type Path } from '../../config/problem.ts'
import type { HelmChart, KubernetesSpec } from '../../config/schema.ts'
import { checkStages, filesOfImages } from './images.ts'
import type { NamedFile, Section, SpecRules } from './rules.ts'

type Kubernetes = Section<KubernetesSpec>

export const kubernetes: SpecRules<KubernetesSpec> = {
  roles(section) {
    const roles = [...new Set(rolesByPlace(section).map(({ role }) => role))]
    return { roles, services: roles, called: 'services', remedy: 'add it under' }
  },

  withoutPort({ spec, at, written }, role) {
    const path = [...at, 'services', role]
    if (Object.hasOwn(spec.services, role)) return written(path).includes('port') ? undefined : path
    const store = STORES.find((name) => Object.hasOwn(spec.companions[name], role))
    return store && [...at, 'companions', store, role]
  },

  *files(section): Generator<NamedFile> {
    const { spec, at } = section
    yield* filesOfImages(section)
    for (const [index, file] of spec.companions.manifests.entries()) {
      yield { file, type: 'file or folder', path: [...at, 'companions', 'manifests', index] }
    }
    for (const { chart, path } of releasesOf(section)) {
      yield { file: chart.chart, type: 'folder', holding: 'Chart.yaml', path: [...path, 'chart'] }
      for (const [index, file] of chart.values.entries()) {
        yield { file, type: 'file', path: [...path, 'values', index] }
      }
    }
  },

  templated: (section) => releasesOf(section).map(({ chart, path }) => ({ value: chart.set, path: [...path, 'set'] })),

  templates({ at, written }) {
    const image = { called: 'image', names: written([...at, 'images']) }
    // Where the services of a chart are reached only the chart knows.
    const companions = new Set(STORES.flatMap((store) => written([...at, 'companions', store])))
    const companion = { called: 'companion', names: [...companions] }
    return [
      { form: '${namespace}' },
      { form: '${images.NAME.repository}', choice: image },
      { form: '${images.NAME.tag}', choice: image },
      { form: '${images.NAME.name}', choice: image },
      { form: '${ROLE.host}', choice: companion },
      { form: '${ROLE.port}', choice: companion },
    ]
  },

  *findings(section): Generator<Finding> {
    yield* checkStages(section)
    yield* checkReleases(section)
    yield* checkPlaces(section)
  },
}

const STORES = ['postgres', 'redis'] as const

function rolesByPlace({ at, written }: Kubernetes): { role: string; place: Path }[] {
  const places = [['services'], ...STORES.map((store) => ['companions', store])]
  return places.flatMap((place) => written([...at, ...place]).map((role) => ({ role, place })))
}

function* checkPlaces(section: Kubernetes): Generator<Finding> {
  const first = new Map<string, Path>()
  for (const { role, place } of rolesByPlace(section)) {
    const other = first.get(role)
    if (!other) first.set(role, place)
    else {
      const message = `stands under ${dotted(other)} too; a role is carried by one service`
      yield { path: [...section.at, ...place, role], message, part: 'key' }
    }
  }
}

/** In the order of installation. */
function releasesOf({ spec, at }: Kubernetes): { chart: HelmChart; path: Path }[] {
  const placed = (charts: HelmChart[], path: Path) => charts.map((chart, index) => ({ chart, path: [...path, index] }))
  return [...placed(spec.companions.charts, [...at, 'companions', 'charts']), ...placed(spec.charts, [...at, 'charts'])]
}

/** All charts are installed in one namespace, where the name of a release is unique. */
function* checkReleases(section: Kubernetes): Generator<Finding> {
  const known = new Set<string>()
  for (const { chart, path } of releasesOf(section)) {
    if (known.has(chart.release)) {
      yield { path: [...path, 'release'], message: `another chart is installed as "${chart.release}"` }
    }
    known.add(chart.release)
  }
}
