import type { Check, Declared } from '../contract.ts'
import { byRole, type Question, variablesIn } from './question.ts'

export const health: Question = {
  name: 'static/health',
  question: 'Is its health looked after, in a way that a healthy one passes?',
  ask: (contract, { ownRoles }) =>
    byRole(contract, ownRoles, (declared) => ({
      checked: declared.checks.length > 0 || (contract.runsHealthChecks && hasHealthCheck(declared)),
      asksByAddress: asksByAddress(declared),
      redirected: redirected(declared),
      hurried: declared.checks.filter(isHurried).map(({ by }) => by),
      endsASlowStart: endsASlowStart(declared),
    })),
}

function hasHealthCheck({ image }: Declared): boolean {
  return image.build?.stage?.healthCheck !== undefined
}

/** Without a Host of its own the kubelet asks by the pod's address, which a list of allowed hosts cannot hold. */
function asksByAddress(declared: Declared): string[] {
  const hosts = Object.entries(variablesIn(declared)).find(([name]) => /ALLOWED_HOSTS?$/.test(name))?.[1].value
  if (hosts === undefined || hosts.includes('*')) return []
  return declared.checks.filter(({ http }) => http && !('host' in http.headers)).map(({ by }) => by)
}

/** https://docs.djangoproject.com/en/stable/ref/settings/#secure-ssl-redirect */
function redirected(declared: Declared): string[] {
  const on = Object.entries(variablesIn(declared)).some(
    ([name, { value = '' }]) => /SSL_REDIRECT$/.test(name) && /^(true|1|yes|on)$/i.test(value),
  )
  return on
    ? declared.checks.filter(({ http }) => http && !('x-forwarded-proto' in http.headers)).map(({ by }) => by)
    : []
}

/** A new process has one second: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ */
function isHurried({ command, timeoutSeconds = 30 }: Check): boolean {
  return command !== undefined && timeoutSeconds <= 1
}

/** How long a start may take before liveness ends it; null where a startup probe holds it back. */
function endsASlowStart({ checks }: Declared): string | null {
  const liveness = checks.find(({ by }) => by === 'liveness')
  if (!liveness || checks.some(({ by }) => by === 'startup')) return null
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = liveness
  return `after ${initialDelaySeconds + periodSeconds * failureThreshold} s`
}
