/** A port of this machine, by the name that people type: an application that answers only to hosts it knows, knows this one. */
export function localUrl(port: number | string | undefined): string {
  return `http://localhost:${port}`
}
