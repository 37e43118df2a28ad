/** Where what a role is given is written. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../harness/config/load.ts'
import { sourcesOf } from '../../harness/static/sources/index.ts'

const sources = await sourcesOf(await loadConfig(join(import.meta.dirname, 'static/shop')))
const linesOf = (environment: string, role: string) =>
  Object.fromEntries(
    (sources[environment] ?? [])
      .filter((source) => source.role === role)
      .map(({ what, file, line, text }) => [`${what} in ${file}`, [line, text]]),
  )

describe('the sources of a role', () => {
  test('are in the compose file, in what it extends, in its environment files and in the stage of its image', () => {
    expect(linesOf('development', 'web')).toEqual({
      'env SHOP_COLOUR in compose.yaml': [2, 'SHOP_COLOUR: green'],
      'env SHOP_SIZE in web.env': [2, 'SHOP_SIZE=large'],
      'env SHOP_UNSET in web.env': [3, 'SHOP_UNSET=${SHOP_NOT_GIVEN}'],
      'env SHOP_TOKEN in common.yaml': [5, '- SHOP_TOKEN=…'],
      'env SHOP_HOME in web/Dockerfile': [2, 'ENV SHOP_HOME=/srv \\'],
      'env SHOP_LANGUAGE in web/Dockerfile': [3, 'SHOP_LANGUAGE=de'],
      'volume /srv/media in compose.yaml': [13, '- media:/srv/media'],
      'volume /app in compose.yaml': [14, '- { type: bind, source: ./web, target: /app }'],
      'image in common.yaml': [3, 'build: { context: web, target: development }'],
      'image in web/Dockerfile': [6, 'FROM base AS development'],
      'command in web/Dockerfile': [7, 'CMD python manage.py runserver'],
    })
  })

  test('are in parity.yaml for the containers that it describes', () => {
    expect(linesOf('production', 'web')).toMatchObject({
      'env SHOP_COLOUR in parity.yaml': [19, 'SHOP_COLOUR: blue'],
      'volume /srv/media in parity.yaml': [20, 'volumes: { /srv/media: media }'],
      'user in web/Dockerfile': [10, 'USER shop'],
    })
  })

  test('are under the role, whatever the service is called', () => {
    expect(linesOf('development', 'database')).toMatchObject({ 'image in compose.yaml': [5, 'image: postgres:17'] })
  })
})

test('no secret is quoted', () => {
  expect(sources.production).toContainEqual(expect.objectContaining({ what: 'env SHOP_TOKEN', text: 'SHOP_TOKEN: …' }))
  expect(JSON.stringify(sources)).not.toContain('not-for-readers')
})

test('files that cannot be understood give no sources', () => {
  expect(sources.broken).toEqual([])
})
