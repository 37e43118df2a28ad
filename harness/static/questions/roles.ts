import type { Question } from './question.ts'

export const roles: Question = {
  name: 'static/roles',
  question: 'Which roles are there?',
  ask: ({ roles }) => Object.fromEntries(Object.keys(roles).map((role) => [role, 'declared'])),
}
