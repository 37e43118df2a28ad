import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { environmentContract } from '../../harness/environments/contract.ts'
import { type FakeEnvironment, fake } from '../../harness/environments/fake.ts'

const healthy = {
  web: { answer: (_: unknown, response: { end(body: string): void }) => response.end('ok') },
  database: {},
}

environmentContract('fake', {
  up: () => fake('contract', healthy),
  upWithBrokenWeb: () => fake('contract', { ...healthy, web: { exitCode: 7, log: 'no such setting' } }),
  kill: (environment, role) => (environment as FakeEnvironment).crash(role),
  leftovers: async () => (await readdir(tmpdir())).filter((name) => name.startsWith('parity-fake-contract-')),
  failsWithinSeconds: 1,
})
