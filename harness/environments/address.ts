/** A port of this machine, by the name that people type: an application that answers only to hosts it knows, knows this one. */
export function localUrl(port: number | string | undefined): string {
  return `http://localhost:${port}`
}

const ANSWER_SECONDS = 5

/** Whether anything is answered there, whatever it is. */
export async function answers(url: string): Promise<boolean> {
  const asked = fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_SECONDS * 1000) })
  return asked.then(
    async (response) => {
      await response.body?.cancel()
      return true
    },
    () => false,
  )
}
