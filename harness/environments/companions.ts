/** PostgreSQL and Redis of the harness in a namespace, for charts that expect them to be there. */
import type { KubernetesSpec } from '../config/schema.ts'
import type { Json } from '../model.ts'

type Companions = KubernetesSpec['companions']

/**
 * A Deployment and a Service for each, named after the role. A database's data outlives its pod, as where a project has a
 * real one, on a claim of the cluster's default storage class; a broker's does not.
 */
export function companionManifests({ postgres, redis }: Companions): Json[] {
  return [
    ...Object.entries(postgres).flatMap(([role, { image, database, username, password }]) =>
      server(role, {
        image,
        port: POSTGRES_PORT,
        env: { POSTGRES_DB: database, POSTGRES_USER: username, POSTGRES_PASSWORD: password, PGDATA: `${DATA}/pgdata` },
        keeps: DATA,
        // Over TCP: while it sets up its data the server listens on its socket alone.
        ready: ['pg_isready', '--host=127.0.0.1', `--username=${username}`, `--dbname=${database}`],
      }),
    ),
    ...Object.entries(redis).flatMap(([role, { image, password }]) =>
      server(role, {
        image,
        port: REDIS_PORT,
        env: password ? { REDISCLI_AUTH: password } : {},
        args: password ? ['redis-server', '--requirepass', password] : undefined,
        ready: ['redis-cli', 'ping'],
      }),
    ),
  ]
}

export const POSTGRES_PORT = 5432
export const REDIS_PORT = 6379

interface Server {
  image: string
  port: number
  env: Record<string, string>
  args?: string[]
  ready: string[]
  /** A folder whose content is kept. */
  keeps?: string
}

/** A folder below the volume's root: some volumes come with a `lost+found`, which initdb refuses. */
const DATA = '/var/lib/postgresql/data'

function server(name: string, { image, port, env, args, ready, keeps }: Server): Json[] {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'parity' }
  const container = {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ containerPort: port }],
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    ...(args && { args }),
    ...(keeps && { volumeMounts: [{ name: 'data', mountPath: keeps }] }),
    readinessProbe: { exec: { command: ready }, periodSeconds: 1, timeoutSeconds: 5 },
  }
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas: 1,
        // Two of them must not have the volume at once.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            enableServiceLinks: false,
            containers: [container],
            ...(keeps && { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }] }),
          },
        },
      },
    },
    ...(keeps
      ? [
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name, labels },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ]
      : []),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels },
      spec: { selector: labels, ports: [{ port, targetPort: port }] },
    },
  ]
}
