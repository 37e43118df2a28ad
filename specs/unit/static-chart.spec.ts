/** What can be wrong with a chart by itself, told by its rendered manifests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redactor } from '../../harness/secrets.ts'
import type { Fault } from '../../harness/static/contract.ts'
import { finders } from '../../harness/static/kubernetes/faults/index.ts'
import { parseManifests, podTemplateOf } from '../../harness/static/kubernetes/manifest.ts'
import { declaredIn } from '../../harness/static/kubernetes/pod.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parity-chart-'))
  write({ 'Chart.yaml': 'name: shop\nversion: 1.2.3\nappVersion: "4.5.6"\n' })
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

const find = (fault: Fault, text: string, setPaths: string[] = [], upgraded = text) => {
  const manifests = parseManifests(text)
  const [, finder] = finders.find(([name]) => name === fault) ?? []
  return finder?.({
    manifests,
    upgraded: parseManifests(upgraded),
    all: manifests,
    namespace: 'shop',
    folder,
    valuesFiles: [],
    setPaths,
    imageOf: (reference) => ({ reference }),
    redactor: redactor('test'),
  })
}

const deployment = (spec: string, container = '', selector = 'app: web') => `
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { ${selector} } }
  template:
    metadata: { labels: { app: web } ${spec} }
    spec: { containers: [{ name: web, ports: [{ name: http, containerPort: 8000 }] ${container} }] }
---
`
const service = (port: string) => `
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: ${port} }] }
---
`
const settings = (data: string) => `
kind: ConfigMap
metadata: { name: settings }
data: { ${data} }
---
`

describe('a Service', () => {
  test('leads to a port of its pods, by name or by number', () => {
    expect(find('ports that lead nowhere', deployment('') + service('http'))).toEqual([])
    expect(find('ports that lead nowhere', deployment('') + service('8000'))).toEqual([])
    expect(find('ports that lead nowhere', deployment('') + service('80'))).toEqual([
      'Service web: 80 leads to 80, which is no port of its pods',
    ])
    expect(find('ports that lead nowhere', service('80'))).toEqual(['Service web selects no pod'])
  })

  test('is what a test of the chart asks, under its name and at its port', () => {
    const asking = (address: string) => `
kind: Pod
metadata: { name: smoke, annotations: { helm.sh/hook: test } }
spec: { containers: [{ name: wget, args: [wget, "${address}"] }] }
---
`
    const faults = (address: string) => find('tests of names that do not exist', service('http') + asking(address))
    expect(faults('http://web/health')).toEqual([])
    expect(faults('web.shop.svc:80')).toEqual([])
    expect(faults('https://example.com')).toEqual([])
    expect(faults('http://api/health')).toEqual(['Pod smoke: api'])
    expect(faults('web:8000')).toEqual(['Pod smoke: web:8000'])
  })
})

describe('configuration', () => {
  const from = ', envFrom: [{ configMapRef: { name: settings } }]'

  test('that changes has to start pods anew', () => {
    const fault = 'configuration without a checksum'
    expect(find(fault, settings('A: b') + deployment('', from))).toEqual(['Deployment web'])
    expect(find(fault, settings('A: b') + deployment(', annotations: { checksum/config: x }', from))).toEqual([])
    expect(find(fault, deployment('', from))).toEqual([])
  })

  test('that an upgrade changes has to change the pods, whatever their annotations say', () => {
    const pods = (checksum: string) => deployment(`, annotations: { checksum/chart: ${checksum} }`, from)
    const faults = (before: string, now: string) =>
      find('configuration without a checksum', settings('A: b') + pods(before), [], settings('A: c') + pods(now))
    expect(faults('x', 'x')).toEqual(['Deployment web'])
    expect(faults('x', 'y')).toEqual([])
  })

  test('holds no credentials', () => {
    const fault = 'credentials outside of a Secret'
    expect(find(fault, settings('DB_PASSWORD: hunter2, TOKEN_SECONDS: "30", COLOUR: red'))).toEqual([
      'ConfigMap settings: DB_PASSWORD',
    ])
    expect(find(fault, settings('BROKER_URL: "redis://:hunter2@cache/0"'))).toEqual(['ConfigMap settings: BROKER_URL'])
    expect(find(fault, deployment('', ', env: [{ name: API_KEY, value: abc }]'))).toEqual([
      'Deployment web, web: API_KEY',
    ])
  })

  test('holds nothing but text', () => {
    const fault = 'values of the wrong type'
    expect(find(fault, settings('PORT: "8000"'))).toEqual([])
    expect(find(fault, settings('PORT: 8000'))).toEqual(['ConfigMap settings: data PORT is a number'])
    expect(find(fault, deployment('', ', env: [{ name: DEBUG, value: true }]'))).toEqual([
      'Deployment web: variable of web DEBUG is a boolean',
    ])
  })
})

test('a selector names no version, and an upgrade does not change it', () => {
  const fault = 'selectors that change'
  expect(find(fault, deployment(''))).toEqual([])
  expect(find(fault, deployment('', '', 'helm.sh/chart: x'))).toEqual(['Deployment web: helm.sh/chart'])
  expect(find(fault, deployment('', '', 'release: web-4.5.6'))).toEqual(['Deployment web: release'])
  expect(find(fault, deployment('', '', 'hash: a'), [], deployment('', '', 'hash: b'))).toEqual([
    'Deployment web: hash',
  ])
})

test('an autoscaler needs what it measures to be requested', () => {
  const fault = 'autoscalers without requests'
  const autoscaler = `
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { kind: Deployment, name: web }
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization } } }]
---
`
  expect(find(fault, autoscaler + deployment(''))).toEqual(['HorizontalPodAutoscaler web'])
  expect(find(fault, autoscaler + deployment('', ', resources: { requests: { cpu: 100m } }'))).toEqual([])
})

test('a password stays as long as the volume that was made with it', () => {
  const fault = 'secrets that do not outlive the release as their volume does'
  const secret = (annotations: string) =>
    `kind: Secret\nmetadata: { name: database ${annotations} }\nstringData: { PASSWORD: hunter2 }\n---\n`
  const database = (claims: string) => `
kind: StatefulSet
metadata: { name: database }
spec:
  ${claims}
  template: { spec: { containers: [{ name: db, envFrom: [{ secretRef: { name: database } }] }] } }
---
`
  const claims = 'volumeClaimTemplates: [{ metadata: { name: data } }]'
  expect(find(fault, secret('') + database(claims))).toEqual(['database'])
  expect(find(fault, secret(', annotations: { helm.sh/resource-policy: keep }') + database(claims))).toEqual([])
  expect(find(fault, secret('') + database(''))).toEqual([])
})

describe('a value', () => {
  const values = 'web: { replicas: 1, colour: red }\nspare: 1\nglobal: { a: 1 }\nredis: { password: x }\nodd-name: 2\n'

  test('is read by a template, whole or as a part, or belongs to a dependency', () => {
    write({
      'Chart.yaml': 'name: shop\nversion: 1.2.3\ndependencies: [{ name: redis }]\n',
      'values.yaml': values,
      'templates/web.yaml': '{{ .Values.web.replicas }} {{ index .Values "odd-name" }}',
    })
    expect(find('values that nothing reads', '', ['web.replicas', 'web.color'])).toEqual([
      'web.colour',
      'spare',
      'web.color',
    ])
    write({ 'templates/web.yaml': '{{ toYaml .Values.web }} {{ .Values.spare }} {{ index $.Values "odd-name" }}' })
    expect(find('values that nothing reads', '')).toEqual([])
  })

  test('cannot be told to be unread where all of them are handed on', () => {
    write({ 'templates/web.yaml': '{{ tpl (toYaml .Values) . }}' })
    expect(find('values that nothing reads', '')).toEqual([])
  })
})

test('a pod has its variables from wherever they are kept', () => {
  const text = `${settings('COLOUR: red')}
kind: Secret
metadata: { name: keys }
data: { TOKEN: aHVudGVyMgo= }
---
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      envFrom: [{ configMapRef: { name: settings }, prefix: SHOP_ }, { secretRef: { name: keys } }]
      env:
        - { name: SHOE, value: "$(SHOP_COLOUR) shoe" }
        - { name: ABSENT, valueFrom: { secretKeyRef: { name: elsewhere, key: x } } }
`
  const manifests = parseManifests(text)
  const pod = manifests.find(({ kind }) => kind === 'Pod')
  const template = pod && podTemplateOf(pod)
  if (!pod || !template) throw new Error('there is no pod')
  const imageOf = (reference: string) => ({ reference })
  expect(declaredIn(pod, template, undefined, { manifests, namespace: 'shop', imageOf }).variables).toEqual({
    SHOP_COLOUR: { value: 'red', from: 'ConfigMap settings', secret: false },
    TOKEN: { value: 'hunter2\n', from: 'Secret keys', secret: true },
    SHOE: { value: 'red shoe', from: 'pod', secret: false },
    ABSENT: { from: 'Secret elsewhere', secret: true },
  })
})
