/**
 * Keeps secrets out of everything that is written: values are replaced by a keyed hash, so that they can still be
 * compared. A value is secret by the name it stands under, by its place in a URL, or because it was learned as one.
 */
import { scryptSync } from 'node:crypto'
import type { Json } from './model.ts'

const SECRET_NAME =
  /(^|[_.-])(password|passwd|passphrase|pgpassword|pass|secret|token|api_?key|private_?key|access_?key|secret_?key|signing_?key|credentials?|authorization|sessionid|csrftoken|csrfmiddlewaretoken)($|[_.-])/i
/** By the custom of settings and variables, where a key is one that opens something. */
const SECRET_SETTING = /(^|_)(?<!ROUTING_)KEYS?$/
const SETTING = /^[A-Z][A-Z0-9_]*$/
const CAMEL_CASE_BREAK = /([a-z0-9])([A-Z])/g
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):([^\s/@]+(?:@[^\s/@]+)*)@/gi
/** Shorter values are ordinary words (`postgres`) that would blot out half of a report. */
const LEARNED_MIN_LENGTH = 8
const ALREADY_HASHED = /^secret:[0-9a-f]{12}$/

/** Where a name stands before a value in texts: the whole line, inside a line, and in two lines as manifests have it. */
const NAMED_VALUES = [
  /^([ \t]*(?:- )?["']?([\w.-]+)["']?:[ \t]+)(\S.*?)(?=,?$)/gm,
  /\b(([A-Za-z][\w.-]*)(?:["']?:[ \t]+|=))("[^"\n]*"|'[^'\n]*'|(?:Bearer|Basic|Token|Digest) [^\s"']+|[^\s"']+)/g,
  /(\bname"?:[ \t]*"?([\w.-]+)"?,?\s*"?value"?:[ \t]*)(\S.*?)(?=,?$)/gm,
]
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g
/** These name where a secret is kept, not the secret. */
const REFERENCE_NAME = /^(?:secretKeyRef|secretRef|secretName|imagePullSecrets?)$/i
/** What can stand behind a secret name without being one. */
const NO_SECRET = /^["']?(?:|true|false|null|none|~|[[{|>].*|<(?:set|none|unset|nil)\b.*|secret:[0-9a-f]{12})["']?$/i

export interface Redactor {
  isSecretName(name: string): boolean
  /** Marks a value as secret wherever it turns up. */
  learn(value: string): void
  /** Everything that was learned, for a process that is to keep it out too. */
  learned(): string[]
  /** `secret:` and twelve hex digits; equal values have equal hashes. */
  hash(value: string): string
  text(text: string): string
  /** As `text`, for whole documents and logs: also what stands behind a secret name, `PASSWORD=…` or `password: …`. */
  document(text: string): string
  json<T>(value: T): T
}

/**
 * The hash is slow on purpose (scrypt), because a report is public and many passwords are words.
 * PARITY_HASH_KEY makes it a key that only the team knows; hashes pinned in parity.accepted.yaml hold for one key.
 */
export function redactor(project: string, namePatterns: string[] = []): Redactor {
  const key = process.env.PARITY_HASH_KEY ?? `parity:${project}`
  const patterns = [SECRET_NAME, SECRET_SETTING, ...namePatterns.map((pattern) => new RegExp(pattern, 'i'))]
  const hashes = new Map<string, string>()
  const learned = new Set<string>()

  const isSecretName = (name: string) => {
    const words = name.replace(CAMEL_CASE_BREAK, '$1_$2')
    return patterns.some((pattern) => pattern.test(words))
  }
  const hash = (value: string) => {
    if (value === '' || ALREADY_HASHED.test(value)) return value
    let known = hashes.get(value)
    if (known === undefined) {
      known = `secret:${scryptSync(value, key, 6, { N: 4096 }).toString('hex')}`
      hashes.set(value, known)
    }
    return known
  }
  const learn = (value: string) => {
    if (value.length >= LEARNED_MIN_LENGTH && !ALREADY_HASHED.test(value)) learned.add(value)
  }
  const text = (input: string) => {
    let output = input.replace(URL_PASSWORD, (_, before: string, password: string) => `${before}:${hash(password)}@`)
    for (const value of learned) if (output.includes(value)) output = output.replaceAll(value, hash(value))
    return output
  }
  const hashed = (value: Json): Json => {
    if (typeof value === 'string') return hash(value)
    if (Array.isArray(value)) return value.map(hashed)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hashed(member)]))
  }
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        if (!isSecretName(name)) return [name, json(member)]
        // A list of keys, or one value for each role. Elsewhere such names also head what is no secret: messages, forms.
        if (typeof member !== 'string') return [name, SETTING.test(name) ? hashed(member) : json(member)]
        learn(member)
        return [name, hash(member)]
      }),
    )
  }
  const document = (input: string) => {
    const withoutValue = (match: string, before: string, name: string, written: string) => {
      if (!isSecretName(name) || REFERENCE_NAME.test(name) || NO_SECRET.test(written)) return match
      const [, quote = '', value = ''] = /^(["']?)(.*)\1$/.exec(written) ?? []
      return `${before}${quote}${hash(value)}${quote}`
    }
    const withoutKeys = text(input).replace(PRIVATE_KEY, hash)
    return NAMED_VALUES.reduce((output, pattern) => output.replace(pattern, withoutValue), withoutKeys)
  }
  return {
    isSecretName,
    learn,
    learned: () => [...learned],
    hash,
    text,
    document,
    json: <T>(value: T) => json(value as Json) as T,
  }
}
