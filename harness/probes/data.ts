/** What the stores are: server, settings that change answers, schema, applied migrations. */
import type { ParityFile } from '../config/schema.ts'
import type { Probe } from '../model.ts'
import { observed } from './error.ts'
import { describePostgres } from './postgres.ts'
import { describeRedis } from './redis.ts'

export function dataProbe({ data }: ParityFile): Probe | null {
  if (!data?.postgres && !data?.redis) return null
  const { postgres, redis, migrations } = data
  return {
    name: 'data',
    question: 'Which stores are there, in which version, with which settings, schema and migrations?',
    effect: 'reads',
    observe: async (environment, signal) => {
      const [ofPostgres, ofRedis] = await Promise.all([
        postgres && observed(() => describePostgres(environment, postgres, migrations, signal)),
        redis && observed(() => describeRedis(environment, redis.role, signal)),
      ])
      return { ...(ofPostgres && { postgres: ofPostgres }), ...(ofRedis && { redis: ofRedis }) }
    },
  }
}
