import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { suspectsInHtml, suspectsInScript, suspectsInUrl } from '../../harness/probes/suspect.ts'

/** As Vite 8 writes them, minified and not, where `import.meta.env.VITE_API_BASE` is not set. */
test.each([
  ['Vn=`undefined/api`,', 'undefined/api'],
  ['const base = "undefined/api";', 'undefined/api'],
  ['fetch(`undefined/things/${e}/`)', 'undefined/things/'],
  ['Wn=`https://undefined/x`', 'https://undefined/x'],
  ["new WebSocket('wss://undefined:8000/ws')", 'wss://undefined:8000/ws'],
  ['fetch("undefined:8000/api")', 'undefined:8000/api'],
  ['fetch("undefinedapi/items/")', 'undefinedapi/items/'],
  ['fetch("/api/undefined/items")', '/api/undefined/items'],
  ['fetch("/api/items/undefined")', '/api/items/undefined'],
  ['fetch("/api/null/items")', '/api/null/items'],
  ['fetch("NaN/items")', 'NaN/items'],
  ['fetch("[object Object]/items")', '[object Object]/items'],
  ['load("https://maps.example/js?key=undefined&v=3")', 'https://maps.example/js?key=undefined&v=3'],
  ['Wn=`http://localhost:8000/api`', 'http://localhost:8000/api'],
  ['fetch(`http://127.0.0.1:8000/things/${e}/`)', 'http://127.0.0.1:8000/things/'],
])('%s holds a value that was missing or not the right one', (script, suspect) => {
  expect(suspectsInScript(script)).toEqual([suspect])
})

test.each([
  'typeof x==="undefined"/2',
  'typeof x=="undefined"||typeof y==`undefined`',
  'var e="null";return null/2',
  '"a".replace(/null/,"").replace(/undefined/g,"x")',
  '{a:"b",c:/undefined/,"d":/null/}',
  '"[object Object]"===toString.call(x)',
  'throw Error("must not be null/undefined")',
  'throw Error("undefined/null")',
  'open("/dev/null")',
  'new URL(e,"http://localhost")',
  'import"./isUndefined.js"',
  'e=`undefined`,t=`null`',
])('%s is ordinary code', (script) => {
  expect(suspectsInScript(script)).toEqual([])
})

test.each(['typescript', 'undici', 'cheerio', 'vitest', '@biomejs/biome/package.json'])(
  'nothing in %s is suspect',
  (name) => {
    const file = createRequire(import.meta.url).resolve(name)
    expect(suspectsInScript(readFileSync(file, 'utf8'))).toEqual([])
  },
)

test('attributes, inline scripts and placeholders of HTML are looked into', () => {
  const html = `<title>%VITE_TITLE%</title><a href="undefined">x</a><form action="/null/x"></form>
    <img alt="undefined" src="undefined/logo.png"><script>api = 'undefined/v1'</script><a href="/a%20b%20undefined">y</a>`
  expect(suspectsInHtml(html)).toEqual(['undefined', 'undefined/logo.png', '/null/x', 'undefined/v1', '%VITE_TITLE%'])
})

test('a URL of a style sheet is looked into', () => {
  expect(suspectsInUrl('undefined/bg.png')).toEqual(['undefined/bg.png'])
  expect(suspectsInUrl('images/undefined.png')).toEqual([])
})
