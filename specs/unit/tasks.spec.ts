import { expect, test } from 'vitest'
import { rolesOf } from '../../harness/probes/nodes.ts'
import { describe, type Followed, named } from '../../harness/probes/tasks.ts'
import { environment, service } from './recording.ts'

const task = { task: 'add', args: [], kwargs: {}, withinSeconds: 15, compareResult: true }
const celery = { app: 'config', publisher: 'web', worker: 'worker', python: ['python'], tasks: [] }

const shop = environment('shop', [
  service('worker', { aliases: ['worker', '3f2b0c7d1a9e'] }),
  service('mailer', { aliases: ['mailer', 'app-mailer-5d9c7-x2x8q'] }),
])

const followed: Followed = {
  id: 'an-id',
  runs: 1,
  eager: false,
  takers: ['celery@3f2b0c7d1a9e'],
  ranIn: ['celery@3f2b0c7d1a9e'],
  stored: { state: 'SUCCESS', result: 3 },
}

test('the task of the round trip is followed too, and two of one name are told apart', () => {
  const { compareResult: _, ...roundTrip } = task
  const tasks = [task, { ...task, name: 'with one' }]
  expect(Object.keys(named({ ...celery, roundTrip, tasks }))).toEqual(['add', 'add (2)', 'with one'])
})

test('nodes are told by their roles, replicas by the role of their kin', () => {
  expect(rolesOf(['celery@3f2b0c7d1a9e'], shop)).toEqual(['worker'])
  expect(rolesOf(['a@app-mailer-5d9c7-x2x8q', 'b@app-mailer-5d9c7-zzzzz'], shop)).toEqual(['mailer'])
  expect(rolesOf(['celery@elsewhere'], shop)).toEqual(['none of the roles'])
})

test('a result is readable by others when a second process reads the same', () => {
  expect(describe(followed, task, { 'an-id': followed.stored }, shop)).toEqual({
    runs: 1,
    eager: false,
    takers: ['worker'],
    ranIn: ['worker'],
    stored: { state: 'SUCCESS', result: 3 },
    readableByOthers: true,
  })
  expect(describe(followed, task, { 'an-id': { state: 'PENDING' } }, shop)).toMatchObject({
    readableByOthers: false,
  })
})

test('of a result that depends on what else happens, only the type is told', () => {
  const again = { 'an-id': followed.stored }
  expect(describe(followed, { compareResult: false }, again, shop)).toMatchObject({
    stored: { state: 'SUCCESS', result: 'number' },
    readableByOthers: true,
  })
})
