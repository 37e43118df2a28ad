/** The chart in a kind cluster: the environment `helm`. */
import type { Json, Role } from '../model.ts'
import type { Chart, Workload } from './chart.ts'
import { imageSections } from './containers.ts'
import type { Note, Path } from './notes.ts'
import { asName, roleOf } from './roles.ts'
import type { Found } from './services.ts'

type Section = { [key: string]: Json }

export function kindEnvironment(chart: Chart, services: Found[], at: Path): { section: Section; notes: Note[] } {
  const carried = carriers(chart, services)
  const used = services.filter(({ role, builds }) => builds && carried.some((each) => each.role === role))
  const { images, notes } = imageSections(used, at)
  const set: { [path: string]: Json } = { ...imageValues(chart, carried, used), ...chart.required }
  const { companions, values } = storesBeside(chart, carried, services)
  Object.assign(set, values)
  const without = services.flatMap(({ role, builds, oneOff }) => {
    return builds && !oneOff && !carried.some((each) => each.role === role) ? [role] : []
  })
  const section = {
    kind: 'kind',
    images,
    ...(Object.keys(companions).length && { companions }),
    charts: [{ release: chart.release, chart: chart.folder, ...(Object.keys(set).length && { set }) }],
    services: Object.fromEntries(
      carried.map(({ role, workload }) => [
        role,
        workloadSection(
          workload,
          used.some((each) => each.role === role),
        ),
      ]),
    ),
    ...(without.length && { without }),
  }
  notes.push({
    path: [...at, 'charts', 0, 'set'],
    text: 'Guess: where the chart takes its images and what it requires from.',
  })
  notes.push({ path: [...at, 'services'], text: 'As `helm template` renders them; each role is a guess.' })
  notes.push({
    path: [...at, 'without'],
    text: 'The chart has none of these: what is asked of them will differ here. Accept it with the reason, or ask less.',
  })
  return { section, notes }
}

interface Carrier {
  role: Role
  workload: Workload
}

function carriers({ workloads, release }: Chart, services: Found[]): Carrier[] {
  const taken = new Set<Role>()
  return workloads.map((workload) => {
    const { container, service, name } = workload
    const short = name.replace(new RegExp(`^${release}-`), '')
    const known = services.find((each) => each.name === short || each.role === short)
    const guess = roleOf({
      name: short,
      image: container.image ?? '',
      command: [...(container.command ?? []), ...(container.args ?? [])],
      own: !services.some((each) => !each.builds && sameImage(each.image, container.image)),
      serves: service !== undefined,
    })
    const store = ['database', 'cache'].includes(storeRole(container.image ?? '', short))
    const role = [
      store ? storeRole(container.image ?? '', short) : (known?.role ?? guess),
      asName(short),
      asName(name),
    ].find((each) => !taken.has(each)) as Role
    taken.add(role)
    return { role, workload }
  })
}

function storeRole(image: string, name: string): Role {
  return roleOf({ name, image, command: [], own: false, serves: false })
}

function sameImage(one = '', other = ''): boolean {
  return one !== '' && one.replace(/[:@].*$/, '') === other.replace(/[:@].*$/, '')
}

/** @param asked whether it speaks HTTP: a store that was asked so would never answer */
function workloadSection({ workload, name, service }: Workload, asked: boolean): Section {
  return {
    workload,
    ...(service && service.name !== name && { service: service.name }),
    ...(service && asked && { port: service.port }),
  }
}

/** The values that name an image which the project builds. */
function imageValues({ values }: Chart, carried: Carrier[], services: Found[]): { [path: string]: Json } {
  const set: { [path: string]: Json } = {}
  for (const { role, workload } of carried) {
    const image = services.find((service) => service.role === role)?.builds?.name
    const reference = workload.container.image ?? ''
    if (!image) continue
    const mine = [...values].filter(([, value]) => typeof value === 'string' && value !== '')
    const whole = mine.filter(([path, value]) => /image$/i.test(path) && value === reference)
    for (const [path] of whole) set[path] = `\${images.${image}.name}`
    const repositories = mine.filter(([path, value]) => {
      return (
        /(^|\.)(repository|name)$/.test(path) &&
        /image/i.test(path) &&
        (reference === value || reference.startsWith(`${value}:`))
      )
    })
    for (const [path] of repositories) {
      // One repository for several roles is one image of several roles.
      set[path] = `\${images.${image}.repository}`
      const beside = path.replace(/[^.]+$/, '')
      set[`${beside}tag`] = `\${images.${image}.tag}`
      for (const policy of ['pullPolicy', 'imagePullPolicy']) {
        if (values.get(`${beside}${policy}`) === 'Always') set[`${beside}${policy}`] = 'IfNotPresent'
      }
    }
  }
  return set
}

const STORES = {
  database: { kind: 'postgres', section: /postgres|database|(^|\.)db\./i },
  cache: { kind: 'redis', section: /redis|cache|broker|valkey/i },
}

/** Stores that the project has and the chart does not bring: the harness brings them, and tells the chart where they are. */
function storesBeside(chart: Chart, carried: Carrier[], services: Found[]) {
  const companions: Section = {}
  const values: { [path: string]: Json } = {}
  for (const [role, { kind, section }] of Object.entries(STORES)) {
    const store = services.find((service) => service.role === role && !service.builds)
    if (!store?.image || carried.some((each) => each.role === role)) continue
    const { POSTGRES_USER: username = 'postgres', POSTGRES_PASSWORD: password = 'postgres' } = store.environment
    const account = { database: store.environment.POSTGRES_DB ?? username, username, password }
    companions[kind] = { [role]: { image: store.image, ...(kind === 'postgres' && account) } }
    for (const [path, value] of chart.values) {
      const leaf = path.split('.').at(-1) as string
      if (typeof value === 'string' && /^(redis|postgres(ql)?)(\+\w+)?:\/\//.test(value) && value.startsWith(kind)) {
        values[path] = value.replace(/(:\/\/(?:[^@/]*@)?)[^:/?]+/, `$1\${${role}.host}`)
      } else if (section.test(path) && /^host(name)?$/i.test(leaf)) values[path] = `\${${role}.host}`
      else if (kind === 'postgres' && section.test(path) && value === '') {
        if (/^(user(name)?)$/i.test(leaf)) values[path] = account.username
        if (/password$/i.test(leaf)) values[path] = account.password
        if (/^(name|database)$/i.test(leaf)) values[path] = account.database
      }
    }
  }
  return { companions, values }
}
