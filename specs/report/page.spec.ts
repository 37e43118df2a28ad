/** The HTML report in a real browser: what a person sees, reaches and can rely on. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../harness/model.ts'
import { page as render } from '../../harness/report/html/page.ts'
import { launch, program } from './browser.ts'
import { healthy, hostile, notStarted, threeFindings } from './reports.ts'

const axe = readFileSync(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8')
const widths = { desktop: 1280, phone: 390 }
const schemes = ['light', 'dark'] as const

let browser: Browser
let folder: string

/** What went wrong in a page without anybody seeing it. */
interface Complaints {
  dialogs: string[]
  errors: string[]
  requests: string[]
}

async function open(
  report: Report,
  { hash = '', width = widths.desktop, colorScheme = schemes[0] as 'light' | 'dark' } = {},
) {
  const file = join(folder, 'report.html')
  await writeFile(file, render(report))
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
  const complaints: Complaints = { dialogs: [], errors: [], requests: [] }
  page.on('dialog', async (dialog) => {
    complaints.dialogs.push(dialog.message())
    await dialog.dismiss()
  })
  page.on('pageerror', ({ message }) => complaints.errors.push(message))
  page.on('console', (message) => message.type() === 'error' && complaints.errors.push(message.text()))
  page.on('request', (request) => complaints.requests.push(request.url().slice(0, 8)))
  await page.goto(`file://${file}${hash}`)
  return { page, complaints, [Symbol.asyncDispose]: () => page.close() }
}

const visibleFindings = (page: Page) =>
  page.locator('.finding:visible').evaluateAll((found) => found.map(({ id }) => id))

describe.skipIf(!program)(`the HTML report${program ? '' : ' (skipped: this machine has no Chromium)'}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parity-report-'))
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true })
  })

  test('says the verdict first, and what differs with both values', async () => {
    await using opened = await open(threeFindings())
    const text = await opened.page.locator('main').innerText()
    expect(text).toMatch(/^shop[\s\S]*Not the same[\s\S]*2 findings in staging and development, 1 that cannot be told/)
    const card = opened.page.locator('#F-3a9c1e')
    expect(await card.innerText()).toMatch(/chart\/values\.yaml:31[\s\S]*x-frame-options[\s\S]*absent[\s\S]*"DENY"/)
    expect(await opened.page.locator('#timeline .parting').first().innerText()).toContain('Here they part')
  })

  test('of a healthy run says so, and what was accepted and why', async () => {
    await using opened = await open(healthy())
    const text = await opened.page.locator('main').innerText()
    expect(text).toContain('The same everywhere')
    expect(text).toContain('development shows tracebacks')
    expect(await visibleFindings(opened.page)).toEqual([])
  })

  test('of a start that failed says which environment and quotes its last lines', async () => {
    await using opened = await open(notStarted())
    const text = await opened.page.locator('main').innerText()
    expect(text).toMatch(/staging could not be started[\s\S]*password authentication failed/)
    expect(text).toContain('Cannot be told')
  })

  test('runs nothing of what the application answers, asks for nothing, and breaks none of its own policy', async () => {
    await using opened = await open(hostile())
    const { page, complaints } = opened
    for (const fold of await page.locator('details').all())
      await fold.evaluate((element) => element.setAttribute('open', ''))
    expect(await page.locator('main script, main img, main svg, main iframe').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('main').innerText()).toContain('<script>alert(1)</script>')
    expect(complaints).toEqual({ dialogs: [], errors: [], requests: ['file:///'] })
  })

  test('opens at the finding that its address names, out of whatever it is folded into', async () => {
    await using opened = await open(threeFindings(), { hash: '#F-b01d5e' })
    const { page } = opened
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('F-b01d5e')
    const top = await page.locator('#F-b01d5e').evaluate((element) => element.getBoundingClientRect().top)
    expect(top).toBeGreaterThanOrEqual(0)
    expect(top).toBeLessThan(400)
  })

  test('is filtered by text, probe, environment and verdict', async () => {
    await using opened = await open(threeFindings())
    const { page } = opened
    const all = await visibleFindings(page)
    expect(all).toHaveLength(3)
    await page.locator('#text').fill('reloader')
    expect(await visibleFindings(page)).toEqual(['F-b01d5e'])
    await page.keyboard.press('Escape')
    expect(await visibleFindings(page)).toEqual(all)
    await page.locator('#environment').selectOption('development')
    expect(await visibleFindings(page)).toEqual(['F-b01d5e'])
    await page.locator('#environment').selectOption('')
    await page.locator('#verdict').selectOption('unknown')
    expect(await visibleFindings(page)).toEqual([all[2]])
    await page.locator('#verdict').selectOption('')
    await page.locator('#probe').selectOption('http/orders')
    expect(await visibleFindings(page)).toEqual(['F-3a9c1e'])
    await page.locator('#text').fill('nothing says this')
    expect(await page.locator('.nothing').isVisible()).toBe(true)
  })

  test('is walked through by keyboard', async () => {
    await using opened = await open(threeFindings())
    const { page } = opened
    const focused = () => page.evaluate(() => document.activeElement?.id)
    await page.keyboard.press('j')
    expect(await focused()).toBe('F-3a9c1e')
    await page.keyboard.press('j')
    expect(await focused()).toBe('F-b01d5e')
    await page.keyboard.press('k')
    expect(await focused()).toBe('F-3a9c1e')
    expect(page.url()).toMatch(/#F-3a9c1e$/)
    await page.keyboard.press('?')
    expect(await page.locator('#help').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    expect(await focused()).toBe('text')
  })

  test('copies a command, and changes between dark and light', async () => {
    await using opened = await open(threeFindings())
    const { page } = opened
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.locator('.copy').first().click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('curl -i http://127.0.0.1:30080/')
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await ground()
    await page.locator('#theme').click()
    expect(await ground()).not.toBe(light)
  })

  const looks = Object.entries(widths).flatMap(([device, width]) =>
    schemes.flatMap((colorScheme) =>
      Object.entries({ healthy, threeFindings, notStarted }).map(([name, make]) => ({
        device,
        width,
        colorScheme,
        name,
        make,
      })),
    ),
  )
  test.each(looks)(
    'axe finds nothing in $name at $device width, $colorScheme, and nothing is cut off',
    async ({ width, colorScheme, make }) => {
      await using opened = await open(make(), { width, colorScheme })
      const { page } = opened
      for (const fold of await page.locator('details').all())
        await fold.evaluate((element) => element.setAttribute('open', ''))
      const violations = await page.evaluate(`${axe}; axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary) })))`)
      expect(violations).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    },
  )
})

test('a report of thousands of large differences stays below 2 MB', () => {
  const report = threeFindings()
  const [finding] = report.findings
  const long = { lines: Array.from({ length: 500 }, (_, line) => `line ${line} <b>`) }
  const many = Array.from({ length: 120 }, (_, probe) => ({
    probe: `http/${probe}`,
    environment: 'staging',
    verdict: 'different' as const,
    differences: Array.from({ length: 60 }, (_, place) => ({
      pointer: `/body/${place}`,
      reference: long,
      candidate: { ...long, more: place },
      verdict: 'different' as const,
    })),
    noise: Array.from({ length: 100 }, (_, place) => ({ pointer: `/noise/${place}`, kind: 'time', reference: long })),
  }))
  const findings = many.map(({ probe, differences }) => ({
    ...(finding as NonNullable<typeof finding>),
    members: differences.map(({ pointer }) => ({ probe, pointer })),
  }))
  expect(Buffer.byteLength(render({ ...report, results: many, findings }))).toBeLessThan(2_000_000)
})
