/**
 * The nouns of the harness, types only. See the table in ARCHITECTURE.md.
 *
 * Everything here but `Probe` and `RunningEnvironment` is plain data: it can be written to disk, handed to another
 * process and read back.
 */

/** A JSON value (RFC 8259). */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** What a service is for; the same name in every environment: `web`, `worker`, `database`, or the project's own. */
export type Role = string

/**
 * One role in one running environment.
 *
 * `exec` and `logs` are the beginnings of command lines for this machine, so that whoever holds a service can look
 * inside it without knowing what carries it.
 */
export interface Service {
  role: Role
  /** Where this machine reaches it, without a trailing slash: `http://127.0.0.1:49153`. Null when no port is published. */
  baseUrl: string | null
  /** Where the other services reach it, at any of its aliases. Null when it serves nothing that the project names. */
  port: number | null
  /** Followed by a command and its arguments, runs that command inside the service; standard input is passed on. */
  exec: string[]
  /** As `exec`, for a person at a terminal: the command inside gets a terminal of its own. */
  shell: string[]
  /**
   * Prints everything the service has logged so far, each line behind an RFC 3339 time. With `--follow` behind it, it
   * goes on with what is logged from then on.
   */
  logs: string[]
  /** Host names and addresses by which the other services know it. */
  aliases: string[]
  /** The image's name as the environment refers to it. */
  image: string
  /** The image's content digest: equal ids are the very same image. */
  imageId: string
  /** Where the image came from: `built from server/Dockerfile (production)`, `pulled …@sha256:…`, `built offline …`. */
  provenance: string
  /** True when the project builds this image itself, false for a database, a broker and other ready-made ones. */
  ownImage: boolean
}

/** A service as it was before a verb replaced it, or a replica: what was seen until then has its addresses. */
export interface FormerService {
  service: Service
  /** ISO 8601 */
  until: string
}

/** A way the project is deployed, up and ready. */
export interface Environment {
  name: string
  /** The name of the adapter that started it. For reading only: nothing outside environments/ decides by it. */
  kind: string
  /** Marks everything that belongs to this one start of the environment, on whatever carries it. */
  id: string
  startedAt: string
  /** From the first command to every service ready, image builds not counted. */
  readySeconds: number
  /** Image builds and pulls before that. */
  buildSeconds: number
  services: Record<Role, Service>
  /** In the order in which they went. Absent in reports of the first version. */
  formerServices?: FormerService[]
  /** The project's own values for this environment, for use in requests as `${vars.NAME}`. */
  vars: Record<string, string>
  /** What the adapter needs to find it again. Opaque to everybody else. */
  handle: Json
}

/**
 * An environment with the means to act on it. `services` says how they are now: a verb that replaces a container or a
 * pod puts the new one there.
 */
export interface RunningEnvironment extends Environment {
  /** Services that no longer run though nobody here stopped them, with exit code, reason and last log lines. */
  casualties(): Promise<Casualty[]>
  /** Says that the start is over: what ended in it and runs again, as it had to wait for a neighbour, is no casualty. */
  settled(): void
  /**
   * What its platform says of it, for evidence: texts by file name, such as `inspect/web.json`. `events.log` is what
   * happened to its services, each line `TIME ROLE: WHAT` with an RFC 3339 time. Whoever writes it down takes out secrets.
   */
  describe(): Promise<Record<string, string>>
  /** Removes everything that belongs to it. Can be called again. */
  down(): Promise<void>
  /** Verbs that this environment does not have, each with the reason in words: `compose keeps no earlier revision`. */
  readonly impossible: Partial<Record<Verb, string>>
  /** Asks a role to end as the platform does (SIGTERM, then SIGKILL after its grace period) and waits until it has. */
  stop(role: Role): Promise<Ending>
  /** Ends a role without asking (SIGKILL). */
  kill(role: Role): Promise<Ending>
  /** Brings a stopped or killed role back. @throws when it is not ready in time, with its last lines */
  start(role: Role): Promise<void>
  /** @throws when there are not that many ready ones in time, with last lines. @returns each replica as a service */
  scale(role: Role, replicas: number): Promise<Service[]>
  /** Deploys the same version once more: new containers or pods, the same volumes. @throws when it does not become ready */
  redeploy(): Promise<void>
  /** Deploys with the change that parity.yaml has under `upgrade` of this environment. @throws as `redeploy` */
  upgrade(): Promise<void>
  /** Undoes `upgrade`. @throws as `redeploy` */
  rollback(): Promise<void>
  /** Removes the deployment, all of it but its volumes, and deploys it again. @throws as `redeploy` */
  reinstall(): Promise<void>
  /** Runs the platform's own checks of a role once, as the platform does. None: the role has none. */
  checkHealth(role: Role): Promise<HealthCheck[]>
  /** The containers or pods that carry a role now, ended ones among them. */
  instances(role: Role): Promise<Instance[]>
  /** Folders and files of this machine that a role has mounted, as a developer's sources are. */
  mounts(role: Role): Promise<Mount[]>
}

export interface Mount {
  /** Absolute path on this machine. */
  host: string
  /** Absolute path in the service. */
  path: string
}

/** What can be done to an environment that is up. */
export type Verb = 'stop' | 'kill' | 'start' | 'scale' | 'redeploy' | 'upgrade' | 'rollback' | 'reinstall'

/** How a role ended. */
export interface Ending {
  /** Null where the platform does not tell. 128 + n: ended by signal n. */
  exitCode: number | null
  /** From the request to the end. */
  seconds: number
  /** What the platform gives it before SIGKILL. */
  graceSeconds: number
}

/** One run of one of the platform's own checks. */
export interface HealthCheck {
  /** `health` is a Dockerfile's or compose's; the others are Kubernetes'. */
  name: 'health' | 'startup' | 'readiness' | 'liveness'
  /** In words: `exec curl -f http://localhost`, `GET /health/ready on 8000`. */
  check: string
  passes: boolean
  seconds: number
  timeoutSeconds: number
  /** Its last lines. */
  output: string
}

/** One container or pod of a role. */
export interface Instance {
  name: string
  running: boolean
  /** Null where the platform has no check for it. */
  healthy: boolean | null
  restarts: number
  /** Of its last end. */
  exitCode: number | null
}

export interface Casualty {
  role: Role
  message: string
}

/** An error that is an observation: what was asked met it. `{ "$error": "connect ECONNREFUSED" }` */
export type ObservedError = { $error: string }

/** How something was seen, beside what was seen. Compared by nobody, but listed where two environments differ in it. */
export type Remark = { $remark: string }

/** What a journey took along and is told by nothing but its value, as a number is: `{ "$captured": 9 }` */
export type Captured = { $captured: number | string }

/** What one probe saw in one environment. */
export interface Observation {
  probe: string
  environment: string
  /** ISO 8601; absent in reports of the first version. */
  startedAt?: string
  seconds: number
  /** `read`: taken from files, nothing was run. Default: it was seen in a running environment. */
  basis?: 'read'
  /** What was seen. Parts that met an error hold an `ObservedError` in their place. */
  value: Json
  /** Set when the question could not be asked at all; `value` is null then. */
  failure?: string
}

/** One question. It never judges and does not know which environment it is in. */
export interface Probe {
  name: string
  /** The question as a person would ask it. */
  question: string
  effect: Effect
  /** The answer. Throws when the question could not be asked. */
  observe(environment: RunningEnvironment, signal: AbortSignal): Promise<Json>
}

/**
 * What asking does. `reads`: nothing, so such probes run beside the others. `writes`: leaves traces in the application; these
 * run one after the other, in the listed order. `disturbs`: something happens to the deployment (an event); these run
 * last, one after the other and once, on the reference too.
 */
export type Effect = 'reads' | 'writes' | 'disturbs'

export type Verdict = 'same' | 'accepted' | 'unknown' | 'different'

/** One place where two observations part. */
export interface Difference {
  /** RFC 6901, into the observation. */
  pointer: string
  /** Absent when the reference has nothing there. */
  reference?: Json
  /** Absent when the candidate has nothing there. */
  candidate?: Json
  verdict: Verdict
  /** Why it is accepted or cannot be told. */
  reason?: string
}

/** A place where the values vary by themselves, and how that was recognised. */
export interface Noise {
  pointer: string
  /** `time`, `id`, `token`, `order of a set`, `host and port`, `duration`, `count that only grows` … */
  kind: string
  /** How it was recognised; absent in reports of the first version. */
  reason?: string
  reference?: Json
  candidate?: Json
}

/** What the judge says of one probe in one candidate environment. */
export interface Result {
  probe: string
  environment: string
  verdict: Verdict
  differences: Difference[]
  noise: Noise[]
  /** `read`: both sides were taken from files. Default: seen. */
  basis?: 'read'
  /** Why the whole result is `unknown`. */
  reason?: string
}

/** Differences that have one cause, told once. Made from results alone, so a saved report gives the same ones. */
export interface Finding {
  /** Short and stable: the same finding in the next run has the same one. `F-3a9c1e` */
  id: string
  environment: string
  verdict: 'different' | 'unknown'
  basis?: 'read'
  /** What differs, in which role, since which event, and the likely cause: one sentence that a developer acts on. */
  sentence: string
  /** The roles that it is about, the first one first to look at. */
  roles: Role[]
  /** Where the likely cause is written, relative to the project. */
  places: Source[]
  /** What to type to see it by hand, one command each. */
  look: string[]
  /** The differences of which it is made, the most telling one first. Empty pointer: the whole answer. */
  members: { probe: string; pointer: string }[]
}

/** One moment in an environment's life. */
export interface Moment {
  /** Seconds since the environment's first command. */
  atSeconds: number
  kind: 'event' | 'log' | 'health' | 'request'
  /** Null for what concerns the environment as a whole. */
  role: Role | null
  text: string
}

/** A line of the project's files that gives a role something. */
export interface Source {
  role: Role
  /** `env NAME`, `image`, `command`, `user`, `port`, `volume /path`, `health check`, `limit` */
  what: string
  /** Relative to the project. */
  file: string
  line: number
  text: string
}

/** A difference that the project has looked at and wants, as written in parity.accepted.yaml. */
export interface AcceptedDifference {
  probe: string
  environment: string
  pointer: string
  reference?: Json
  candidate?: Json
  reason: string
  /** Date (ISO 8601) by which somebody looks at it again. */
  review: string
  /** `*` in the pointer stands for any one member. */
  pattern?: true
}

/** A fault of the list of accepted differences: an entry that matches nothing any more, or is past its review. */
export interface AcceptedProblem {
  entry: AcceptedDifference
  problem: 'stale' | 'overdue'
  /** What stands there today, of an entry that is stale; a side is absent where nothing does. */
  now?: { reference?: Json; candidate?: Json }
}

/** A probe that was left out, and why. */
export interface NotAsked {
  probe: string
  reason: string
}

/** A request that a probe asks by name, so that somebody can ask it by hand. */
export interface AskedRequest {
  probe: string
  name: string
  role: Role
  method: string
  /** As in parity.yaml, with its templates. */
  path: string
}

/** Everything that judging needs, and nothing else: the same record gives the same verdicts for ever. */
export interface Recording {
  project: string
  /** Name of the environment that the others are judged against. */
  reference: string
  /** Date (ISO 8601) of the run; review dates are held against it. */
  date: string
  /** The reference stands here once for each start, under one name. */
  environments: Environment[]
  /** The reference stands here twice for each probe, a candidate where it differed at first. */
  observations: Observation[]
  casualties: (Casualty & { environment: string })[]
  notAsked: NotAsked[]
  requests?: AskedRequest[]
  /** Environments that could not be started, and why; nothing was asked then. */
  failures?: { environment: string; message: string }[]
  /** By environment, in order of time. */
  timelines?: Record<string, Moment[]>
  /** By environment: where what a role is given is written in the project's files. */
  sources?: Record<string, Source[]>
}

/** The content of report.json. */
export interface Report {
  schemaVersion: 1
  /** The worst of all results; `same` when nothing differs but what is accepted. */
  verdict: Verdict
  reference: string
  environments: {
    name: string
    kind: string
    readySeconds: number
    buildSeconds: number
    services: { role: Role; image: string; imageId: string; provenance: string }[]
  }[]
  results: Result[]
  findings: Finding[]
  accepted: AcceptedProblem[]
  summary: Record<Verdict, number>
  recording: Recording
}
