/** From a request as parity.yaml has it to the message that is sent. */
import type { Request } from '../config/schema.ts'
import type { Message } from './request.ts'
import { baseUrlOf, fill, fillJson, fillMembers, type Values } from './template.ts'

/** Fixed, so that equal requests are equal byte for byte. */
const BOUNDARY = 'parity-7MA4YWxkTrZu0gW'

/**
 * @param common headers that are sent with every request; the request's own win
 * @throws ObservableError when a template cannot be filled or the service cannot be reached from here
 */
export function messageOf(request: Request, common: Record<string, string>, values: Values): Message {
  const { body, contentType } = bodyOf(request, values)
  const headers = lowerCased({
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...lowerCased(fillMembers(common, values)),
    ...lowerCased(fillMembers(request.headers, values)),
  })
  return { method: request.method, url: urlOf(request, values), headers, ...(body !== undefined && { body }) }
}

/** A captured location may be a whole URL; everything else is a path of the service. */
function urlOf({ role, path }: Request, values: Values): string {
  const baseUrl = baseUrlOf(role, values.environment)
  const filled = fill(path, values)
  return /^https?:\/\//i.test(filled) ? filled : baseUrl + filled
}

function bodyOf(request: Request, values: Values): { body?: string | Buffer; contentType?: string } {
  const { json, form, upload, text } = request
  if (json !== undefined) return { body: JSON.stringify(fillJson(json, values)), contentType: 'application/json' }
  if (form) {
    const body = new URLSearchParams(fillMembers(form, values)).toString()
    return { body, contentType: 'application/x-www-form-urlencoded' }
  }
  if (upload) return { body: multipart(upload, values), contentType: `multipart/form-data; boundary=${BOUNDARY}` }
  if (text !== undefined) return { body: fill(text, values), contentType: 'text/plain; charset=utf-8' }
  return {}
}

/** RFC 7578 */
function multipart(upload: NonNullable<Request['upload']>, values: Values): Buffer {
  const fields = Object.entries(fillMembers(upload.fields, values)).map(([name, value]) => part(name, value))
  const file = part(upload.field, fill(upload.content, values).repeat(upload.repeat), upload)
  return Buffer.from([...fields, file, `--${BOUNDARY}--\r\n`].join(''))
}

function part(name: string, content: string, file?: { filename: string; contentType: string }): string {
  const disposition = `form-data; name="${quoted(name)}"${file ? `; filename="${quoted(file.filename)}"` : ''}`
  const type = file ? `content-type: ${file.contentType}\r\n` : ''
  return `--${BOUNDARY}\r\ncontent-disposition: ${disposition}\r\n${type}\r\n${content}\r\n`
}

/** As browsers write names: https://html.spec.whatwg.org/#multipart-form-data */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** Names of headers mean the same in any case. */
export function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
