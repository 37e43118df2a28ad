import { expect, test } from 'vitest'
import { arrange, questionsFor } from '../../harness/probes/celery.ts'

const celery = {
  app: 'config',
  publisher: 'web',
  worker: 'worker',
  beat: 'beat',
  python: ['python'],
  roundTrip: { task: 'add', args: [], kwargs: {}, withinSeconds: 15 },
  tasks: [],
}

test('each role is asked for its configuration, beat for the schedule, the publisher for the live workers', () => {
  expect(questionsFor('worker', celery)).toEqual(['configuration'])
  expect(questionsFor('beat', celery)).toEqual(['configuration', 'schedule'])
  expect(questionsFor('web', celery)).toEqual(['configuration', 'workers', 'roundTrip'])
  expect(questionsFor('web', { ...celery, roundTrip: undefined })).toEqual(['configuration', 'workers'])
})

test('answers stand under what was asked', () => {
  const answers = {
    web: { configuration: 1, workers: [2], roundTrip: 3 },
    worker: { configuration: 4 },
    beat: { configuration: 5, schedule: 6 },
  }
  expect(arrange(celery, ['web', 'worker', 'beat'], answers)).toEqual({
    roles: { beat: 5, web: 1, worker: 4 },
    schedule: 6,
    workers: [2],
    roundTrip: 3,
  })
})

test('a role that failed leaves its error wherever it was asked, and the others still answer', () => {
  const answers = { web: { $error: 'gone' }, worker: { configuration: 4 }, beat: { configuration: 5, schedule: 6 } }
  expect(arrange(celery, ['web', 'worker', 'beat'], answers)).toMatchObject({
    roles: { web: { $error: 'gone' }, worker: 4 },
    schedule: 6,
    workers: { $error: 'gone' },
    roundTrip: { $error: 'gone' },
  })
})
