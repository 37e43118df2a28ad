/** The part of an OpenAPI document that requests are made from (https://spec.openapis.org/oas/v3.1.0), references resolved. */
import { dereference } from '@apidevtools/json-schema-ref-parser'
import { parse } from 'yaml'
import { ObservableError } from '../error.ts'

/** JSON Schema as OpenAPI uses it; what is not named here is carried along. */
export interface Schema {
  [keyword: string]: unknown
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  readOnly?: boolean
  nullable?: boolean
  allOf?: Schema[]
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  schema?: Schema
}

export interface Operation {
  /** As in `GET /api/sites/{id}/`. */
  method: string
  path: string
  parameters: Parameter[]
  /** Of a JSON body, where one can be sent. */
  body?: Schema
}

/** Reading first, removing last, so that what one operation needs the others have not taken away. */
const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** @throws ObservableError when the text is no OpenAPI document */
export async function operationsIn(text: string): Promise<Operation[]> {
  const document = await resolved(text)
  const paths = Object.entries(document.paths ?? {})
  return METHODS.flatMap((method) =>
    paths.flatMap(([path, item]) => {
      const operation = item[method] as RawOperation | undefined
      if (!operation) return []
      const parameters = [...((item.parameters as Parameter[] | undefined) ?? []), ...(operation.parameters ?? [])]
      const body = operation.requestBody?.content?.['application/json']?.schema
      return [{ method: method.toUpperCase(), path, parameters, ...(body && { body: merged(body) }) }]
    }),
  )
}

interface RawOperation {
  parameters?: Parameter[]
  requestBody?: { content?: Record<string, { schema?: Schema }> }
}
interface Document {
  paths?: Record<string, Record<string, unknown>>
}

async function resolved(text: string): Promise<Document> {
  try {
    const document = parse(text) as Document // JSON is YAML
    if (typeof document?.paths !== 'object') throw new Error('it has no paths')
    // Only what stands in the document itself: nothing else is fetched or read for it.
    return (await dereference(document as object, { resolve: { external: false } })) as Document
  } catch (error) {
    throw new ObservableError(`what is served is no OpenAPI document: ${(error as Error).message.split('\n')[0]}`)
  }
}

/** An `allOf` as the one object that it describes. */
function merged(schema: Schema): Schema {
  const parts = [schema, ...(schema.allOf ?? []).map(merged)]
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: [...new Set(parts.flatMap(({ required = [] }) => required))],
  }
}
