/** Choosing probes by name on a command line. */

/** Whether a probe is one of these, or belongs to one: `journey` means each `journey/…`. */
export function isNamedBy(names: string[], probe: { name: string }): boolean {
  return names.some((name) => probe.name === name || probe.name.startsWith(`${name}/`))
}
