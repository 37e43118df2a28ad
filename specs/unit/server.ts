/** A web server inside the test process, and the environment that a probe finds it in. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { type ParityFile, parity } from '../../harness/config/schema.ts'
import type { RunningEnvironment, Service } from '../../harness/model.ts'

export type Answering = (request: IncomingMessage & { body: string }, response: ServerResponse) => void

/** Base URL of a server that goes away with the test. */
export async function serverThat(answers: Answering): Promise<string> {
  const server = createServer(async (request, response) => {
    answers(Object.assign(request, { body: await text(request) }), response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Base URL of a server with these files, `404` for every other path. */
export function serverWith(
  files: Record<string, { type: string; content: string | Buffer; headers?: Record<string, string> }>,
) {
  return serverThat(({ url = '' }, response) => {
    const file = files[url]
    if (!file) return response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found')
    response.writeHead(200, { 'content-type': file.type, ...file.headers }).end(file.content)
  })
}

/** A base URL at which nothing listens. */
export const REFUSED = 'http://127.0.0.1:1'

export function environmentWith(
  baseUrls: Record<string, string | null>,
  vars: Record<string, string> = {},
): RunningEnvironment {
  const services = Object.entries(baseUrls).map(([role, baseUrl]) => [role, { role, baseUrl } as Service])
  return { name: 'production', vars, services: Object.fromEntries(services) } as RunningEnvironment
}

/** A parity.yaml with these probes. */
export function configWith(probes: Record<string, unknown>): ParityFile {
  return parity.parse({ version: 1, project: 'example', reference: 'production', environments: {}, ...probes })
}

export const { signal } = new AbortController()
