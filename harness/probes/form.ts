/** The forms of a page that a visitor can send as they stand. */
import { load } from 'cheerio'

const MAX_FORMS = 5

export interface Form {
  /** Path and query at the server that the page came from. */
  path: string
  contentType: string
  body: Buffer
}

/**
 * Those with method POST that go back to where the page came from. Fields have the values that they stand with, hidden
 * ones included; nobody has pressed a button of a name, nobody has chosen a file.
 * @param page URL that it was asked at
 * @param host under which the server may call itself
 */
export async function postForms(html: string, page: string, host: string): Promise<Form[]> {
  const $ = load(html)
  const forms = $('form')
    .toArray()
    .filter((form) => $(form).attr('method')?.toLowerCase() === 'post')
    .flatMap((form) => {
      const action = URL.parse($(form).attr('action') ?? '', page)
      const isOwn = action && [new URL(page).host, host].includes(action.host)
      return isOwn ? [{ form, path: action.pathname + action.search }] : []
    })
  return Promise.all(
    forms.slice(0, MAX_FORMS).map(async ({ form, path }) => {
      const fields = $(form).serializeArray()
      return { path, ...(await encoded(fields, $(form).attr('enctype')?.toLowerCase() === 'multipart/form-data')) }
    }),
  )
}

/** As browsers do it: `Response` knows both encodings. */
async function encoded(fields: { name: string; value: string }[], isMultipart: boolean): Promise<Omit<Form, 'path'>> {
  const form = isMultipart ? new FormData() : new URLSearchParams()
  for (const { name, value } of fields) form.append(name, value)
  const response = new Response(form)
  return {
    contentType: response.headers.get('content-type') as string,
    body: Buffer.from(await response.arrayBuffer()),
  }
}
