import { byRole, type Question } from './question.ts'

export const ports: Question = {
  name: 'static/ports',
  question: 'On which ports does it serve?',
  ask: (contract, { ownRoles }) =>
    byRole(contract, ownRoles, ({ ports, image }) =>
      [...new Set(ports.length ? ports : (image.build?.stage?.ports ?? []))].sort((a, b) => a - b),
    ),
}
