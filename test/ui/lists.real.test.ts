import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPages, type Pages } from './pages.ts'

/** What the lists can do beside being read. */

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
}, 120_000)
beforeEach(() => {
  pages.api.asked.length = 0
})
afterEach(() => page?.close())
afterAll(() => pages?.[Symbol.asyncDispose]())

const askedOfArchive = () =>
  pages.api.asked.filter(({ path }) => /^api\/v1\/archived-workflows(?!-)/.test(path))

describe('the archive', () => {
  beforeEach(async () => {
    page = await pages.open('archived-workflows')
    await page.getByText('the newest 100 of 1,000 runs').waitFor()
  })

  test('is read page by page, as far as somebody scrolls', async () => {
    expect(askedOfArchive()).toHaveLength(1)
    expect(askedOfArchive()[0]?.path).toContain('listOptions.limit=100')
    await page.getByRole('region', { name: 'Archived runs' }).hover()
    await page.mouse.wheel(0, 20_000)
    await page.getByText('the newest 200 of 1,000 runs').waitFor()
    expect(askedOfArchive()[1]?.path).toContain('listOptions.continue=100')
  })

  test('is searched by the server, and the address says for what', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('nightly-etl')
    await page.getByText('the newest 100 runs').waitFor()
    await page.waitForFunction("!document.body.textContent.includes('train-model')")
    await page.waitForURL('**/archived-workflows?q=nightly-etl')
    expect(askedOfArchive().at(-1)?.path).toContain('query=nightly-etl')
  })

  test('says how many runs there are of each phase, where the server knows', async () => {
    const chips = page.getByRole('group', { name: 'Phases' })
    expect(await chips.innerText()).toMatch(/Failed\s*71\s*Error\s*17\s*Succeeded\s*912/)
    await chips.getByRole('button', { name: 'Failed' }).click()
    await page.getByText('the newest 100 of 71 runs').waitFor()
    await chips.getByRole('button', { name: 'Failed' }).click()
    await page.getByText('the newest 100 of 1,000 runs').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('nightly-etl')
    await page.getByText('the newest 100 runs').waitFor()
    expect(await chips.innerText()).not.toMatch(/\d/)
  })

  test('is not asked while a search is half typed', async () => {
    await page.getByRole('button', { name: 'Failed' }).click()
    await page.waitForFunction("document.querySelectorAll('[data-row] [data-phase]').length > 0")
    await page.keyboard.press('/')
    await page.keyboard.type('status =')
    await page.locator('.search-problem').getByText(/./).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.type('a or b')
    await expect
      .poll(() => new URLSearchParams(askedOfArchive().at(-1)?.path.split('?')[1]).get('query'))
      .toBe('(a or b) status in (Failed)')
    expect(askedOfArchive().some(({ path }) => path.includes('status+%3D+'))).toBe(false)
  })

  test('does the same to all chosen runs, each by its uid', async () => {
    await page.locator('[data-row="0"] a').focus()
    await page.keyboard.press('x')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('x')
    await page.getByText('2 chosen').waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('2 runs deleted').waitFor()
    const deleted = pages.api.asked.filter(({ method }) => method === 'DELETE')
    expect(deleted.map(({ path }) => path.replace(/uid-.*/, 'uid'))).toEqual(
      Array(2).fill('api/v1/archived-workflows/uid'),
    )
    expect(askedOfArchive().at(-1)?.method).toBe('GET')
  })
})

describe('a filter', () => {
  test('gets a name, is kept by the browser, and is forgotten', async () => {
    page = await pages.open('workflows?phase=Failed')
    await page.getByRole('button', { name: 'Keep filter' }).click()
    await page.getByLabel('Its name').fill('What broke')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'What broke', exact: true }).waitFor()
    await page.waitForURL('**?phase=Failed&filter=What+broke')
    await page.goto(`${pages.api.url}workflows`)
    const kept = page.getByRole('button', { name: 'What broke', exact: true })
    await kept.click()
    expect(page.url()).toContain('?phase=Failed&filter=What+broke')
    expect(await kept.getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('button', { name: 'Forget the filter What broke' }).click()
    await kept.waitFor({ state: 'detached' })
    expect(page.url()).toMatch(/\?phase=Failed$/)
  })

  test('that somebody sent is offered by its name', async () => {
    page = await pages.open('workflows?phase=Failed&filter=Theirs')
    await page.getByRole('button', { name: 'Keep “Theirs”' }).click()
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByRole('button', { name: 'Theirs', exact: true }).waitFor()
  })
})

test('every table is walked through with the arrows', async () => {
  page = await pages.open('workflow-templates')
  await page.locator('[data-row="0"] a').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.waitForFunction("document.activeElement.closest('[data-row]')?.dataset.row === '1'")
  await page.goto(`${pages.api.url}workflows/argo/nightly-etl-7xk2p?view=table`)
  await page.locator('[data-row="0"] button').focus()
  await page.keyboard.press('End')
  await page.waitForFunction("document.activeElement.closest('[data-row]')?.dataset.row > 50")
  await page.keyboard.press('Enter')
  await page.getByRole('complementary').waitFor()
})
