import { expect, test } from 'vitest'
import type { Json } from '../../harness/model.ts'
import { assetKey } from '../../harness/probes/asset-key.ts'
import { assetsProbe } from '../../harness/probes/assets.ts'
import { configWith, environmentWith, REFUSED, serverThat, serverWith, signal } from './server.ts'

type Page = { status: number; type: string; assets: Record<string, Json>; external: string[]; suspect: string[] }
const html = (content: string) => ({ type: 'text/html', content })
const js = (content: string) => ({ type: 'text/javascript', content })

const observe = async (baseUrl: string, maxAssets?: number) => {
  const probe = assetsProbe(configWith({ assets: { pages: [{ role: 'client', path: '/' }], maxAssets } }))
  const pages = await probe?.observe(environmentWith({ client: baseUrl }), signal)
  return (pages as Record<string, Page>)['client /'] as Page
}

test('a project without assets has no such probe', () => {
  expect(assetsProbe(configWith({}))).toBeNull()
})

test('scripts, styles, images and fonts are followed from HTML and from CSS', async () => {
  const css = { type: 'text/css; charset=utf-8', headers: { 'cache-control': 'max-age=60' } }
  const page = await observe(
    await serverWith({
      '/': html(`<link rel="stylesheet" href="/css/base.5af66c1b1797.css"><link rel="icon" href="/favicon.ico">
        <img src="/a.png" srcset="/a.png 1x, /a2.png 2x"><script src="https://cdn.example/x.js?v=1"></script>
        <div style="background: url('/inline.png')"></div><img src="data:image/png;base64,AA=="><svg><use href="#sign"></use></svg><script src="app.js?v=2"></script>`),
      '/css/base.5af66c1b1797.css': {
        ...css,
        content: `@import "dark.css"; @import url(print.css);
          @font-face { src: url("../font.woff2#x") format("woff2") } a { background: url(../bg.png) } b { --x: url(../gone.svg) }`,
      },
      '/css/dark.css': { ...css, content: '' },
      '/css/print.css': { ...css, content: 'p { background: url(/bg.png) }' },
      '/app.js?v=2': js('x'),
      '/a.png': { type: 'image/png', content: 'x' },
      '/a2.png': { type: 'image/png', content: 'x' },
      '/bg.png': { type: 'image/png', content: 'x' },
      '/inline.png': { type: 'image/png', content: 'x' },
      '/font.woff2': { type: 'font/woff2', content: 'x' },
    }),
  )
  expect(Object.keys(page.assets)).toEqual([
    '/a.png',
    '/a2.png',
    '/app.js',
    '/bg.png',
    '/css/base.css',
    '/css/dark.css',
    '/css/print.css',
    '/favicon.ico',
    '/font.woff2',
    '/gone.svg',
    '/inline.png',
  ])
  const style = { status: 200, type: 'text/css; charset=utf-8', cacheControl: 'max-age=60', bytes: 'not empty' }
  expect(page.assets['/css/base.css']).toEqual(style)
  expect(page.assets['/css/dark.css']).toEqual({ ...style, bytes: 'empty' })
  expect(page.assets['/favicon.ico']).toMatchObject({ status: 404, type: 'text/plain' })
  expect(page.external).toEqual(['https://cdn.example/x.js'])
})

test('imported modules are looked into, and listed when they do not come', async () => {
  const page = await observe(
    await serverWith({
      '/': html('<script type="module" src="/main.js"></script><script type="module">import "/inline.js"</script>'),
      '/main.js': js('import{a}from"./a.js";import"react";const b=()=>import(`./gone.js`),c=()=>import("./page.js")'),
      '/inline.js': js(''),
      '/a.js': js('export * from "/deep.js"'),
      '/deep.js': js('import "./too-deep.js"; fetch("undefined/deep")'),
      '/page.js': html('<p>fallback'),
    }),
  )
  expect(page.assets).toMatchObject({ '/gone.js': { status: 404 }, '/page.js': { type: 'text/html' } })
  expect(Object.keys(page.assets)).toEqual(['/gone.js', '/main.js', '/page.js'])
  expect(page.suspect).toEqual(['undefined/deep'])
})

test('the number of files has a limit, which is told', async () => {
  const images = [1, 2, 3, 4, 5].map((name) => `<img src="/${name}.png">`)
  const page = await observe(await serverWith({ '/': html(images.join('')) }), 3)
  expect(Object.keys(page.assets)).toEqual(['/1.png', '/2.png', '/3.png'])
  expect(page).toMatchObject({ notFollowed: 2 })
})

test('a browser asks for a style sheet by its type', async () => {
  const page = await observe(
    await serverThat(({ url, headers }, response) => {
      const isStyle = headers.accept?.startsWith('text/css') && headers['sec-fetch-dest'] === 'style'
      response.setHeader('content-type', url === '/' ? 'text/html' : isStyle ? 'text/css' : 'text/javascript')
      response.end(url === '/' ? '<link rel=stylesheet href=/s.css>' : '')
    }),
  )
  expect(page.assets['/s.css']).toMatchObject({ type: 'text/css' })
})

test('a page that does not come has the error in its place', async () => {
  expect(await observe(REFUSED)).toEqual({ $error: 'connect ECONNREFUSED' })
})

test.each([
  ['/static/admin/css/base.5af66c1b1797.css', '/static/admin/css/base.css'],
  ['/static/admin/css/base.css', '/static/admin/css/base.css'],
  ['/static/js/main.8f3a2b1c.chunk.js', '/static/js/main.chunk.js'],
  ['/assets/index-BxY12_ab.js', '/assets/index-<hash>.js'],
  ['/assets/index-Bx-12_ab.css', '/assets/index-<hash>.css'],
  ['/assets/jquery-migrate.js', '/assets/jquery-migrate.js'],
  ['/img/photo-20260101.png', '/img/photo-20260101.png'],
  ['/jquery-3.7.1.min.js', '/jquery-3.7.1.min.js'],
  ['/src/main.tsx?t=1732400000000', '/src/main.tsx'],
  ['/thumb?image=7&v=abc', '/thumb?image=7'],
  ['/font.eot?', '/font.eot'],
])('%s is known as %s', (path, key) => {
  expect(assetKey(new URL(path, 'http://web'))).toBe(key)
})
