import { expect, test } from 'vitest'
import { parity } from '../../harness/config/schema.ts'
import { fake } from '../../harness/environments/fake.ts'
import { exec } from '../../harness/exec.ts'
import type { Finding } from '../../harness/model.ts'
import { asCurl, replayOf } from '../../harness/replay.ts'

const settings = parity.parse({
  version: 1,
  project: 'replay',
  reference: 'one',
  environments: {},
  http: { requests: { 'a/b page': { path: '/page' } } },
  journeys: {
    shopping: [
      { name: 'log in', request: { method: 'POST', path: '/login' }, capture: { token: '/token' } },
      {
        name: 'buy',
        request: { method: 'POST', path: '/buy', json: { what: "it's" }, headers: { 'X-Token': '${token}' } },
      },
      { name: 'look', request: { path: '/basket' } },
    ],
  },
})

const finding = (probe: string, pointer: string): Finding => ({
  id: 'F-000000',
  environment: 'one',
  verdict: 'different',
  sentence: '',
  roles: [],
  places: [],
  look: [],
  members: [{ probe, pointer }],
})

test('a journey is taken up to the step before, and the request that comes next can be typed', async () => {
  const asked: string[] = []
  const one = await fake('one', {
    web: {
      answer: (request, response) => {
        asked.push(`${request.method} ${request.url}`)
        const headers = { 'content-type': 'application/json', 'set-cookie': 'seen=yes; Path=/' }
        response.writeHead(200, headers).end(JSON.stringify({ token: 'open sesame', got: request.headers }))
      },
    },
  })
  try {
    const replay = replayOf(settings, finding('journey/shopping', '/buy/status'))
    const message = await replay?.run(one, new AbortController().signal)
    expect(asked).toEqual(['POST /login'])
    if (!message) throw new Error('there is nothing to ask')
    const { stdout } = await exec(['sh', '-c', asCurl(message)])
    expect(asked).toEqual(['POST /login', 'POST /buy'])
    expect(stdout).toMatch(/"x-token":"open sesame"/)
    expect(stdout).toMatch(/"cookie":"seen=yes"/)
    expect(stdout).toMatch(/"content-length":"15"/)
  } finally {
    await one.down()
  }
})

test('before a request of its own nothing is done', async () => {
  const one = await fake('one', { web: { answer: (_, response) => response.end('hello') } })
  try {
    const message = await replayOf(settings, finding('http', '/a~1b page/status'))?.run(
      one,
      new AbortController().signal,
    )
    expect(message && asCurl(message)).toBe(`curl -i '${one.services.web?.baseUrl}/page'`)
  } finally {
    await one.down()
  }
})

test('what no request shows needs none', () => {
  expect(replayOf(settings, finding('process', '/web/user'))).toBeUndefined()
  expect(replayOf(settings, finding('journey/shopping', ''))).toBeUndefined()
})
