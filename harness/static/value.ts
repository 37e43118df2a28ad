/** What is wrong with the value of a variable, by its text and by what variables of such names hold everywhere. */

export function faultOf(name: string, value: string): string | undefined {
  return rules.find(({ names, wrong }) => (names?.test(name) ?? true) && wrong(value))?.fault
}

interface Rule {
  names?: RegExp
  wrong: (value: string) => boolean
  fault: string
}

const rules: Rule[] = [
  // docker run --env-file keeps quotes: https://docs.docker.com/reference/cli/docker/container/run/#env
  { wrong: (value) => /^(["']).*\1$/s.test(value) && value.length > 1, fault: 'stands in quotes' },
  { wrong: (value) => /[^\n]\n+$/.test(value) && !value.includes('-----BEGIN'), fault: 'ends in a newline' },
  { wrong: (value) => /^\s+\S|\S[ \t]+$/.test(value), fault: 'has white space around it' },
  { wrong: (value) => /\$\{[A-Za-z_]\w*\}/.test(value), fault: 'holds a variable that nobody has filled in' },
  // https://www.rfc-editor.org/rfc/rfc3986#section-2.1
  { wrong: hasUnencodedPassword, fault: 'holds a password that is not URL-encoded' },
  // https://docs.djangoproject.com/en/stable/ref/settings/#csrf-trusted-origins
  {
    names: /(CORS|CSRF)\w*ORIGINS?$/,
    wrong: (value) => itemsOf(value).some((item) => !/^(https?:\/\/|\*$|null$)/.test(item)),
    fault: 'holds an origin without a scheme',
  },
  // https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts
  {
    names: /ALLOWED_HOSTS?$/,
    wrong: (value) => itemsOf(value).some((item) => /:\/\/|\/|:\d+$/.test(item)),
    fault: 'holds a host with a scheme, a port or a path',
  },
]

function itemsOf(value: string): string[] {
  return value
    .replace(/^\[|\]$/g, '')
    .split(/[\s,;]+/)
    .map((item) => item.replace(/^["']|["']$/g, ''))
    .filter(Boolean)
}

/** A `@`, `/`, `?` or `#` in a password ends the part that it stands in, and a `@` comes too often or too late. */
function hasUnencodedPassword(value: string): boolean {
  const [, authority = '', rest = ''] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/is.exec(value) ?? []
  const ats = authority.split('@').length - 1
  if (ats === 0) return /:(?!\d*$)/.test(authority) && rest.includes('@')
  return ats > 1 || (rest.split('?')[0] as string).includes('@')
}
