import type { Fault } from '../contract.ts'
import type { Question } from './question.ts'

const FAULTS: Fault[] = [
  'autoscalers without requests',
  'configuration without a checksum',
  'credentials outside of a Secret',
  'interpolated variables that are not set',
  'ports that lead nowhere',
  'secrets that do not outlive the release as their volume does',
  'selectors that change',
  'tests of names that do not exist',
  'values of the wrong type',
  'values that nothing reads',
]

export const faults: Question = {
  name: 'static/files',
  question: 'Do the files hold together by themselves?',
  ask: ({ faults }) => Object.fromEntries(FAULTS.map((fault) => [fault, faults[fault] ?? []])),
}
