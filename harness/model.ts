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
  /** Followed by a command and its arguments, runs that command inside the service; standard input is passed on. */
  exec: string[]
  /** Prints everything the service has logged so far, each line behind an RFC 3339 time. */
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
  /** The project's own values for this environment, for use in requests as `${vars.NAME}`. */
  vars: Record<string, string>
  /** What the adapter needs to find it again. Opaque to everybody else. */
  handle: Json
}

/** An environment with the means to act on it. */
export interface RunningEnvironment extends Environment {
  /** Services that no longer run though nobody here stopped them, with exit code, reason and last log lines. */
  casualties(): Promise<Casualty[]>
  /** Removes everything that belongs to it. Can be called again. */
  down(): Promise<void>
}

export interface Casualty {
  role: Role
  message: string
}

/** An error that is an observation: what was asked met it. `{ "$error": "connect ECONNREFUSED" }` */
export type ObservedError = { $error: string }

/** What one probe saw in one environment. */
export interface Observation {
  probe: string
  environment: string
  seconds: number
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
  /** True when asking leaves traces in the application: such probes run one after the other, in the listed order. */
  mutates: boolean
  /** The answer. Throws when the question could not be asked. */
  observe(environment: Environment, signal: AbortSignal): Promise<Json>
}

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
  kind: string
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
  /** Why the whole result is `unknown`. */
  reason?: string
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
}

/** A fault of the list of accepted differences: an entry that matches nothing any more, or is past its review. */
export interface AcceptedProblem {
  entry: AcceptedDifference
  problem: 'stale' | 'overdue'
}

/** A probe that was left out, and why. */
export interface NotAsked {
  probe: string
  reason: string
}

/** Everything that judging needs, and nothing else: the same record gives the same verdicts for ever. */
export interface Recording {
  project: string
  /** Name of the environment that the others are judged against. */
  reference: string
  /** Date (ISO 8601) of the run; review dates are held against it. */
  date: string
  environments: Environment[]
  /** The reference stands here twice for each probe. */
  observations: Observation[]
  casualties: (Casualty & { environment: string })[]
  notAsked: NotAsked[]
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
  accepted: AcceptedProblem[]
  summary: Record<Verdict, number>
  recording: Recording
}
