/** One HTTP request and its answer as it came: no redirect is followed, no cookie kept, nothing decompressed unasked. */
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'
import { type Dispatcher, request } from 'undici'
import { ObservableError } from './error.ts'

/** Long enough for a development server that compiles at the first request. */
const DEADLINE_SECONDS = 30
const MAX_BODY_BYTES = 32 * 1024 * 1024

export interface Message {
  method: string
  url: string
  /** Names in lower case. `host` may be set. */
  headers: Record<string, string>
  body?: string | Buffer
}

export interface Answer {
  status: number
  /** Names in lower case; what came more than once is a list. */
  headers: Record<string, string | string[]>
  body: Buffer
}

export interface SendOptions {
  signal: AbortSignal
  /** Undo the answer's content-encoding. */
  decompress?: boolean
}

/**
 * Each request has a connection of its own: whether a kept one is still open is chance, not behaviour.
 * @throws ObservableError when no whole answer came, or the signal's reason.
 */
export async function send(message: Message, { signal, decompress = false }: SendOptions): Promise<Answer> {
  signal.throwIfAborted()
  const { url, method, headers, body } = message
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_SECONDS * 1000)])
    const response = await request(url, {
      method: method as Dispatcher.HttpMethod,
      headers: { accept: '*/*', 'user-agent': 'parity', ...headers },
      body: body ?? null,
      reset: true,
      signal: deadline,
    })
    const answer = {
      status: response.statusCode,
      headers: definedOnly(response.headers),
      body: await read(response.body),
    }
    return decompress ? { ...answer, body: await decompressed(answer) } : answer
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ObservableError) throw error
    throw new ObservableError(inPlainWords(error as NodeJS.ErrnoException))
  }
}

/** A header's value; what came more than once is joined as RFC 9110 (5.3) has it. */
export function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  return Array.isArray(value) ? value.join(', ') : value
}

function definedOnly(headers: Record<string, string | string[] | undefined>): Answer['headers'] {
  return Object.fromEntries(Object.entries(headers).filter((entry) => entry[1] !== undefined)) as Answer['headers']
}

async function read(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of body) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_BODY_BYTES) {
      throw new ObservableError(`the body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const limited = { maxOutputLength: MAX_BODY_BYTES }
const decoders: Record<string, (body: Buffer) => Promise<Buffer>> = {
  gzip: (body) => promisify<Buffer, typeof limited, Buffer>(gunzip)(body, limited),
  'x-gzip': (body) => promisify<Buffer, typeof limited, Buffer>(gunzip)(body, limited),
  deflate: (body) => promisify<Buffer, typeof limited, Buffer>(inflate)(body, limited),
  br: (body) => promisify<Buffer, typeof limited, Buffer>(brotliDecompress)(body, limited),
  zstd: (body) => promisify<Buffer, typeof limited, Buffer>(zstdDecompress)(body, limited),
}

async function decompressed(answer: Answer): Promise<Buffer> {
  const encodings = (headerOf(answer, 'content-encoding') ?? '').toLowerCase().split(',').reverse()
  let { body } = answer
  for (const encoding of encodings.map((name) => name.trim())) {
    const decode = decoders[encoding]
    if (!decode || body.length === 0) continue
    try {
      body = await decode(body)
    } catch {
      throw new ObservableError(`the body says it is ${encoding}, but is not`)
    }
  }
  return body
}

const CLOSED = 'ECONNRESET: the connection was closed before the whole answer came'
/** Which of these a closed connection shows is a matter of timing, so they read the same. */
const PLAIN_WORDS: Record<string, string> = {
  ECONNREFUSED: 'connect ECONNREFUSED',
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  EHOSTUNREACH: 'connect EHOSTUNREACH',
  ENETUNREACH: 'connect ENETUNREACH',
  ENOTFOUND: 'the host name is not known (ENOTFOUND)',
  EAI_AGAIN: 'the host name could not be looked up (EAI_AGAIN)',
  UND_ERR_CONNECT_TIMEOUT: 'no connection (UND_ERR_CONNECT_TIMEOUT)',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: CLOSED,
  ERR_INVALID_URL: 'the URL is not valid',
}

/** Whether an error of `send` means that nobody took the connection, or that it was closed at once. */
export function isRefusal(error: string): boolean {
  return error === PLAIN_WORDS.ECONNREFUSED || error === CLOSED
}

function inPlainWords(error: NodeJS.ErrnoException): string {
  if (error.name === 'TimeoutError') return `no whole answer within ${DEADLINE_SECONDS} s`
  const cause = error.cause as NodeJS.ErrnoException | undefined
  const code = error.code ?? cause?.code ?? error.name
  if (error.name === 'HTTPParserError') return 'the answer is not HTTP'
  return PLAIN_WORDS[code] ?? `no answer (${code})`
}
