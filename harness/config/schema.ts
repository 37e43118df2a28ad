/**
 * The shape of parity.yaml. The published JSON Schema (schema/parity.schema.json) is made from this file.
 *
 * Strings marked as templates may hold `${ROLE.host}`, `${ROLE.port}` (addresses between services) and `${vars.NAME}`;
 * in Helm values also `${namespace}` and `${images.NAME.repository}`, `.tag` and `.name` (both of them).
 */
import { z } from 'zod'

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'must be lower case letters, digits and dashes, starting with a letter')
const port = z.int().min(1).max(65535)
const seconds = z.number().positive()
const command = z.array(z.string()).min(1).describe('Program and arguments, one item each; no shell')
const path = z.string().min(1).describe('Relative to parity.yaml')
const template = z.string()
/** YAML reads `yes`, `8000` and `1.0` as other types than strings; what an environment variable holds is a string. */
const variables = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a name for an environment variable'), template)
  .describe('Environment variables; values are templates and must be strings: quote numbers and booleans')

const json: z.ZodType<import('../model.ts').Json> = z.json() as never

// --- environments -----------------------------------------------------------------------------------------------

export const imageBuild = z
  .strictObject({
    context: path.describe('Folder sent to the builder'),
    file: path.optional().describe('Dockerfile; default: Dockerfile in the context'),
    target: z.string().optional().describe('Stage of a multi-stage Dockerfile'),
    args: z.record(z.string(), z.string()).default({}),
    secrets: z.record(z.string(), path).default({}).describe('Build secrets: id to file'),
  })
  .describe('An image that the project builds')

const readiness = z
  .union([
    z.strictObject({ http: z.string().startsWith('/'), status: z.int().min(100).max(599).default(200) }),
    z.strictObject({ log: z.string().describe('Regular expression (JavaScript)') }),
    z.strictObject({ command: command.describe('Run inside the service; ready when it exits 0') }),
    z.strictObject({ listening: port }),
    z.literal('healthy').describe("The image's own health check"),
    z.literal('running'),
  ])
  .describe('What to wait for. Default: the health check where the image has one, else `running`')

const postgres = z
  .strictObject({
    image: z.string(),
    database: z.string().default('postgres'),
    username: z.string().default('postgres'),
    password: z.string().default('postgres'),
  })
  .describe('PostgreSQL')
const redis = z.strictObject({ image: z.string(), password: z.string().optional() }).describe('Redis')

const containerService = z.strictObject({
  image: z.string().optional().describe('A name under `images`, or any image reference'),
  postgres: postgres.optional(),
  redis: redis.optional(),
  command: command.optional(),
  entrypoint: command.optional(),
  user: z.string().optional(),
  workdir: z.string().optional(),
  env: variables.default({}),
  port: port.optional().describe('The port it serves; published on a free port of 127.0.0.1'),
  files: z.record(z.string(), path).default({}).describe('Path in the container to a file or folder copied there'),
  volumes: z.record(z.string(), name).default({}).describe('Path in the container to the name of a volume of this run'),
  aliases: z.array(z.string()).default([]).describe('Further host names on the network'),
  needs: z.array(z.string()).default([]).describe('Services that must be ready and steps that must be done before'),
  ready: readiness.optional(),
  readyTimeoutSeconds: seconds.default(120),
  stopTimeoutSeconds: seconds.default(10),
})

const step = z
  .strictObject({
    service: z.string().describe('Runs in a container like that of this service'),
    command,
    env: variables.default({}),
    needs: z.array(z.string()).default([]),
    timeoutSeconds: seconds.default(300),
  })
  .describe('A one-off command that must exit 0, for example a migration')

const common = {
  without: z
    .array(name)
    .default([])
    .describe('Roles that it does not have: what is asked of them differs there, and can be accepted with a reason'),
  vars: z
    .record(z.string().regex(/^\w+$/, 'must be letters, digits and underscores'), z.string())
    .default({})
    .describe('Values for `${vars.NAME}` in requests'),
}

const changedVariables = {
  upgrade: z
    .record(name, variables)
    .default({})
    .describe('By role, the variables that the event `upgrade` changes; it is rolled back afterwards'),
}

export const composeEnvironment = z
  .strictObject({
    kind: z.literal('compose'),
    file: z.union([path, z.array(path).min(1)]).describe('The compose file, or several as with `docker compose -f`'),
    profiles: z.array(z.string()).default([]),
    envFile: path.optional(),
    env: variables.default({}).describe('Variables for interpolation in the compose file'),
    services: z.record(name, z.string()).default({}).describe('Role to compose service where the names differ'),
    ports: z
      .record(name, port)
      .default({})
      .describe('Role to container port where a service publishes several or none'),
    readyTimeoutSeconds: seconds.default(180),
    steps: z
      .record(name, step.omit({ needs: true }))
      .default({})
      .describe('What is done by hand before `docker compose up`, in this order: each as `docker compose run --rm`'),
    ...changedVariables,
    ...common,
  })
  .describe("The project's own compose file, run under a project name of its own")

export const containersEnvironment = z
  .strictObject({
    kind: z.literal('containers'),
    images: z.record(name, imageBuild).default({}),
    services: z.record(name, containerService),
    steps: z.record(name, step).default({}),
    ...changedVariables,
    ...common,
  })
  .describe('Containers started side by side through Testcontainers')

const helmChart = z
  .strictObject({
    release: name.describe('Name of the release'),
    chart: path.describe('Folder of the chart; its local dependencies are built when it has any'),
    values: z.array(path).default([]).describe('Values files, later ones win'),
    set: z
      .record(z.string(), json)
      .default({})
      .describe('Single values by their path, as for `helm --set-json`; strings are templates'),
    timeoutSeconds: seconds.default(300),
    test: z.boolean().default(false).describe('Run `helm test` after the installation'),
  })
  .describe('One release of a chart')

const companions = z
  .strictObject({
    manifests: z
      .array(path)
      .default([])
      .describe('Kubernetes manifests (files or folders), applied in the namespace of the run'),
    charts: z.array(helmChart).default([]),
    postgres: z.record(name, postgres).default({}).describe('Databases of the harness, by role'),
    redis: z.record(name, redis).default({}).describe('Redis servers of the harness, by role'),
  })
  .describe('What the charts expect to be there already; installed before them')

const workload = z.strictObject({
  workload: z
    .string()
    .regex(
      /^(deployment|statefulset|daemonset)\/[a-z0-9.-]+$/,
      'must be deployment/NAME, statefulset/NAME or daemonset/NAME',
    ),
  container: z.string().optional().describe('Default: the first one'),
  service: z.string().optional().describe("Kubernetes Service by which others reach it; default: the workload's name"),
  port: port.optional().describe('Port of that Service to ask over HTTP'),
})

const kubernetes = {
  images: z.record(name, imageBuild).default({}),
  companions: companions.prefault({}),
  charts: z.array(helmChart).min(1),
  services: z.record(name, workload).describe('Role to the workload that carries it'),
  upgrade: z
    .record(name, z.record(z.string(), json))
    .default({})
    .describe('By release, the values that the event `upgrade` changes, as under `set`; it is rolled back afterwards'),
  ...common,
}

export const kindEnvironment = z
  .strictObject({ kind: z.literal('kind'), ...kubernetes })
  .describe('The Helm chart in a kind cluster on this machine')

export const clusterEnvironment = z
  .strictObject({
    kind: z.literal('cluster'),
    context: z.string().min(1).describe('Context in the kubeconfig; no other one is ever touched'),
    kubeconfig: path.optional().describe('Default: $KUBECONFIG or ~/.kube/config; only read'),
    registry: z
      .string()
      .optional()
      .describe('Where images are pushed: HOST/PATH. Without it the cluster must have them'),
    ...kubernetes,
  })
  .describe('The Helm chart in a new namespace of an existing cluster')

export const environment = z.discriminatedUnion('kind', [
  composeEnvironment,
  containersEnvironment,
  kindEnvironment,
  clusterEnvironment,
])

// --- probes -----------------------------------------------------------------------------------------------------

const body = {
  json: json.optional().describe('JSON body'),
  form: z.record(z.string(), template).optional().describe('URL-encoded form'),
  upload: z
    .strictObject({
      field: z.string(),
      filename: z.string(),
      content: template.describe('The file itself, as text'),
      repeat: z.int().min(1).default(1).describe('How often the content stands in the file, for one that is large'),
      contentType: z.string().default('text/plain'),
      fields: z.record(z.string(), template).default({}),
    })
    .optional()
    .describe('multipart/form-data with one file'),
  text: template.optional(),
}

const request = z.strictObject({
  role: name.default('web').describe('The service that is asked'),
  method: z.enum(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  path: template.describe('With query string'),
  headers: z.record(z.string(), template).default({}),
  ...body,
})

const capture = z
  .union([
    z.string().startsWith('/').describe('JSON Pointer (RFC 6901) into the JSON body'),
    z.strictObject({ header: z.string() }),
    z.strictObject({ cookie: z.string() }),
    z.strictObject({ regex: z.string().describe('First group, in the body as text') }),
  ])
  .describe('Where to take a value from, for use as `${NAME}` in later steps')

const journeyStep = z.strictObject({
  name: z.string(),
  request,
  capture: z.record(z.string().regex(/^[A-Za-z_]\w*$/), capture).default({}),
  until: z
    .strictObject({
      pointer: z.string().describe('JSON Pointer into the JSON body'),
      in: z.array(json).min(1).describe('Done when the value there is one of these'),
      withinSeconds: seconds.default(30),
    })
    .optional()
    .describe('Ask again until this holds'),
})

const http = z.strictObject({
  headers: z.record(z.string(), template).default({}).describe('Sent with every request'),
  compareHeaders: z.array(z.string()).default([]).describe('Headers to compare beside the usual ones'),
  requests: z.record(z.string(), request).default({}),
  forms: z
    .boolean()
    .default(true)
    .describe('Send the HTML forms (POST) of the pages among the requests, unchanged, over plain HTTP and behind TLS'),
})

const task = {
  task: z.string().describe('Registered name'),
  args: z.array(json).default([]),
  kwargs: z.record(z.string(), json).default({}),
  withinSeconds: seconds.default(15).describe('Until it has come to its end'),
}
const openapi = z
  .strictObject({
    role: name.default('web'),
    path: template.describe('Where the application serves its OpenAPI document (JSON or YAML)'),
    headers: z.record(z.string(), template).default({}).describe('Sent when the document is asked for'),
    login: z.array(journeyStep).default([]).describe('Steps before the requests; what they capture is known in `with`'),
    with: z.record(z.string(), template).default({}).describe('Headers of every request, such as credentials'),
    skip: z
      .array(z.string())
      .default([])
      .describe('Regular expressions for operations to leave out, matched with `METHOD /path`'),
    seed: z
      .int()
      .nonnegative()
      .default(1)
      .describe('Other seeds give other values; the same one gives the same requests'),
    maxRequests: z.int().positive().default(300).describe('Requests beyond it are counted, not sent'),
  })
  .describe('Requests made from the OpenAPI document: valid ones, and one broken one for each constraint')

const events = z
  .strictObject({
    ready: request
      .extend({ path: template.default('/').describe('With query string') })
      .prefault({})
      .describe(
        'The request that tells whether the application works; a health page that asks its dependencies is best',
      ),
    withinSeconds: seconds.default(90).describe('How soon it must work again after an event'),
    plant: z
      .array(journeyStep)
      .default([])
      .describe(
        'Steps that leave data behind, before each event; `${eventNumber}` and `${event}` tell the events apart',
      ),
    check: z
      .array(journeyStep)
      .default([])
      .describe('Steps that read the planted data after the event, and remove it; what `plant` captured is known'),
    replicas: z.array(name).default([]).describe('Roles that can have two instances'),
    edit: z
      .strictObject({
        withinSeconds: seconds.default(15).describe('How soon an edit must be noticed'),
        files: z.array(
          z.strictObject({
            path: z.string().startsWith('/').describe('In the services that have the sources mounted'),
            request: request
              .optional()
              .describe('One whose answer changes with the file; default: a process of each role has to start anew'),
          }),
        ),
      })
      .optional()
      .describe('Source files that are picked up when they are edited, wherever they are mounted'),
  })
  .describe('What may happen to a deployment: `parity check --events`')

const celery = z.strictObject({
  app: z.string().describe('As for `celery -A`: module, or module:attribute'),
  worker: name.default('worker'),
  beat: name.optional(),
  publisher: name.default('web').describe('The role that sends tasks'),
  python: command.default(['python']),
  roundTrip: z
    .strictObject(task)
    .optional()
    .describe('A quick harmless task, sent by the publisher and followed to its result'),
  tasks: z
    .array(
      z.strictObject({
        name: z.string().optional().describe("How it is called in the report; default: the task's name"),
        ...task,
        compareResult: z
          .boolean()
          .default(true)
          .describe('False where the result depends on what else happens: only its type is told'),
      }),
    )
    .default([])
    .describe('Tasks that the publisher sends, followed to their end: queue, worker, runs, retries, result'),
  longTask: z
    .strictObject({ ...task, withinSeconds: seconds.default(60).describe('Until it has come to its end') })
    .optional()
    .describe('A task of a dozen seconds, in flight while its worker is stopped or killed'),
  beatWindowSeconds: z
    .number()
    .nonnegative()
    .optional()
    .describe('How long ticks of beat are counted; default: twice the shortest schedule, not at all above 15 s'),
})

const settings = z
  .strictObject({
    roles: z
      .record(
        name,
        z.strictObject({
          python: command
            .optional()
            .describe('Interpreter to look with and for a fresh process; default: the one that runs the role'),
          command: command.optional().describe('Prints the settings as JSON, for what is not Django'),
        }),
      )
      .optional()
      .describe('Default: every role whose image the project builds and that runs Django'),
    oneOff: name.optional().describe('The role in which a one-off command is asked as well; default: web'),
  })
  .describe('Settings in effect in the running processes')

export const parity = z
  .strictObject({
    version: z.literal(1),
    project: name,
    reference: z.string().min(1).describe('The environment that the others are judged against'),
    environments: z.record(name, environment),
    prepare: z
      .array(z.strictObject({ name: z.string(), role: name, command, timeoutSeconds: seconds.default(120) }))
      .default([])
      .describe('Run inside running services once an environment is ready, for example to load sample data'),
    http: http.optional(),
    journeys: z.record(z.string(), z.array(journeyStep).min(1)).default({}),
    assets: z
      .strictObject({
        pages: z.array(z.strictObject({ role: name, path: z.string().startsWith('/') })).min(1),
        maxAssets: z.int().positive().default(300),
      })
      .optional()
      .describe('Pages whose scripts, styles, images and fonts are followed'),
    celery: celery.optional(),
    events: events.optional(),
    openapi: openapi.optional(),
    process: z
      .strictObject({
        roles: z.array(name).min(1).optional().describe('Default: every role whose image the project builds'),
        withoutVariables: z
          .array(name)
          .default([])
          .describe('Roles whose images have so little in common that their variables are not compared'),
      })
      .optional(),
    settings: settings.optional(),
    packages: z
      .strictObject({
        python: z.record(name, command).default({}).describe('Role to its Python interpreter'),
        node: z.record(name, path).default({}).describe('Role to the folder that holds node_modules'),
      })
      .optional(),
    data: z
      .strictObject({
        postgres: z
          .strictObject({
            role: name,
            database: z.string().optional().describe('Default: as the service itself has it, POSTGRES_DB'),
            username: z.string().optional().describe('As whom the application connects. Default: POSTGRES_USER'),
            rows: z
              .record(z.string(), z.string())
              .default({})
              .describe('Name to a query (SELECT … ORDER BY …) whose rows are compared after all journeys'),
          })
          .optional(),
        redis: z.strictObject({ role: name }).optional(),
        migrations: z
          .strictObject({ table: z.string(), columns: z.array(z.string()).min(1) })
          .default({ table: 'django_migrations', columns: ['app', 'name'] })
          .describe('Where the framework writes down which migrations it has applied'),
        shared: z
          .array(
            z.strictObject({
              path: z.string().startsWith('/').describe('Folder inside the services'),
              roles: z.array(name).min(1),
            }),
          )
          .default([])
          .describe('Folders that roles share: a file that one writes must be there for the others'),
        cache: z
          .strictObject({
            roles: z.array(name).min(1),
            python: command.default(['python']),
            command: command
              .optional()
              .describe(
                'For what is not Django: run with `set KEY VALUE`, then with `get KEY`, which prints the value',
              ),
          })
          .optional()
          .describe('Roles that share a cache: what one process puts in must be there for the others'),
      })
      .optional(),
    secrets: z
      .array(z.string())
      .default([])
      .describe('Regular expressions for further names of variables and members whose values are secret'),
  })
  .describe('How a project is deployed, and what is asked of each deployment')

export type ParityFile = z.output<typeof parity>
export type ComposeSpec = z.output<typeof composeEnvironment>
export type ContainersSpec = z.output<typeof containersEnvironment>
export type KindSpec = z.output<typeof kindEnvironment>
export type ClusterSpec = z.output<typeof clusterEnvironment>
export type KubernetesSpec = Omit<KindSpec, 'kind'>
export type HelmChart = z.output<typeof helmChart>
export type EnvironmentSpec = z.output<typeof environment>
export type ImageBuild = z.output<typeof imageBuild>
export type Request = z.output<typeof request>
export type JourneyStep = z.output<typeof journeyStep>
export type Capture = z.output<typeof capture>
export type Readiness = z.output<typeof readiness>
export type SettingsConfig = z.output<typeof settings>
export type OpenApiConfig = z.output<typeof openapi>
export type Events = z.output<typeof events>
export type CeleryConfig = z.output<typeof celery>
export type CeleryTask = CeleryConfig['tasks'][number]
