import { expect, test } from 'vitest'
import type { Observation, Probe, RunningEnvironment } from '../../harness/model.ts'
import { observe, observer } from '../../harness/observe.ts'
import { redactor } from '../../harness/secrets.ts'
import { environmentWith } from './server.ts'

const named = (name: string): RunningEnvironment => ({ ...environmentWith({}), name })
const environments = [named('development'), named('production')]

function counting(name: string, effect: Probe['effect'] = 'reads'): Probe {
  let count = 0
  return { name, question: name, effect, observe: async () => ++count }
}

const asked = (observations: Observation[]) =>
  observations.map(({ environment, probe }) => `${environment} ${probe}`).sort()
const options = { reference: 'production', redactor: redactor('test'), signal: new AbortController().signal }

test('the reference is asked twice, a candidate a second time only where it differs', async () => {
  const seenBefore: string[][] = []
  const observations = await observe(
    environments,
    [counting('a'), counting('b', 'writes'), counting('event/c', 'disturbs')],
    {
      ...options,
      askAgain: async (candidate, reference) => {
        seenBefore.push(asked([...(await reference()).observations, ...candidate.observations]))
        return ['b']
      },
    },
  )
  const once = ['development a', 'development b', 'production a', 'production b']
  const twice = [...once, 'production a', 'production b'].sort()
  expect(seenBefore).toEqual([once, twice])
  expect(asked(observations)).toEqual([...twice, 'development b'].sort())
})

test('a candidate that answers as the reference has the first time does not wait for its other answers', async () => {
  const { promise: asking, resolve: goOn } = Promise.withResolvers<void>()
  let count = 0
  const slow: Probe = {
    ...counting('a'),
    observe: async ({ name }) => {
      if (name === 'production' && ++count === 2) await asking
      return 1
    },
  }
  const askAgain = async (_: unknown, reference: () => Promise<unknown>) => {
    await reference()
    return []
  }
  const observeOne = observer([slow], { ...options, askAgain })
  const reference = observeOne(named('production'), options.signal)
  expect(asked(await observeOne(named('development'), options.signal))).toEqual(['development a'])
  goOn()
  expect(asked(await reference)).toEqual(['production a', 'production a'])
})

test('without a reference each is asked once', async () => {
  const observations = await observe(environments, [counting('a')], { ...options, reference: undefined })
  expect(asked(observations)).toEqual(['development a', 'production a'])
})

test.each(['before it waits', 'while it waits'])(
  'a candidate gives the reference up when the run has ended %s',
  async (when) => {
    const run = new AbortController()
    const askAgain = async (_: unknown, reference: () => Promise<unknown>) => {
      if (when === 'before it waits') run.abort(new Error('production could not be started'))
      const waiting = reference()
      run.abort(new Error('production could not be started'))
      await waiting
      return []
    }
    const observeOne = observer([counting('a')], { ...options, askAgain })
    await expect(observeOne(named('development'), run.signal)).rejects.toThrow('production could not be started')
  },
)
