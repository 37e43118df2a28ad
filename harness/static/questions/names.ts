import type { Question } from './question.ts'

export const names: Question = {
  name: 'static/names',
  question: 'What can there be only once on a machine, and what names does the platform add?',
  ask: ({ roles, tasks }, { ownRoles }) => {
    const all = [...Object.values(roles), ...Object.values(tasks)]
    return {
      // https://docs.docker.com/reference/compose-file/services/#container_name
      fixedContainers: all.flatMap(({ containerName }) => containerName ?? []).sort(),
      fixedHostPorts: all.flatMap(({ hostPorts }) => hostPorts).sort(),
      // https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
      variablesOfServices: ownRoles.filter((role) => roles[role]?.serviceLinks),
    }
  },
}
