import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPages, type Pages } from './pages.ts'

/** What somebody sees who comes because something is wrong. */

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
}, 120_000)
afterEach(() => page?.close())
afterAll(() => pages?.[Symbol.asyncDispose]())

describe('the first screen of a failed run', () => {
  const failedRun = 'api/v1/workflows/argo/nightly-etl-7xk2p'
  const card = () => page.getByRole('region', { name: 'Why it failed' })

  beforeEach(async () => {
    page = await pages.open('workflows/argo/nightly-etl-7xk2p')
    await card().waitFor()
  })

  test('shows the step that failed first, why, who failed with it, and its last words', async () => {
    const said = await card().innerText()
    expect(said).toContain('transform(7:region-7) failed: Error (exit code 1)')
    expect(said).toContain('nightly-etl-7xk2p › transform › transform(7:region-7)')
    expect(said).toContain('so did transform(19:region-19), transform(33:region-33)')
    await card().getByText("KeyError: 'region-7'").waitFor()
    const log = pages.api.asked.findLast(({ path }) => path.includes('/log?'))
    expect(log?.path).toContain('logOptions.tailLines=12')
  })

  test('leads to the step', async () => {
    await card().getByRole('button', { name: 'transform(7:region-7)' }).click()
    await page.getByRole('complementary', { name: 'transform(7:region-7)' }).waitFor()
    await page.getByRole('button', { name: 'Retry from here' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Retry from here' }).click()
    await page.getByText('nightly-etl-7xk2p retried').waitFor()
    const { path, body } = pages.api.asked.at(-1) ?? { path: '', body: '{}' }
    expect(path).toBe(`${failedRun}/retry`)
    expect(JSON.parse(body)).toMatchObject({
      restartSuccessful: true,
      nodeFieldSelector: 'id=nightly-etl-7xk2p.transform(7:region-7)',
    })
  })

  test('submits it again with other parameters', async () => {
    await card().getByRole('button', { name: 'Resubmit with changes' }).click()
    await page.getByLabel('mode').selectOption('delta')
    await page.getByRole('dialog').getByRole('button', { name: 'Resubmit' }).click()
    await page.getByText('resubmitted').waitFor()
    const asked = pages.api.asked.findLast(({ path }) => path.endsWith('/resubmit'))
    expect(JSON.parse(asked?.body ?? '{}')).toMatchObject({ parameters: ['mode=delta'] })
  })

  test('says what to type in a terminal', async () => {
    await card().getByRole('button', { name: 'In a terminal' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText("argosy why -n argo nightly-etl-7xk2p 'nightly-etl-7xk2p.transform(7:region-7)'")
      .waitFor()
    await dialog.getByText('argosy logs -n argo --all-containers').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
})

test('the calendar of a schedule tells runs, one that was missed, old ones and what comes', async () => {
  page = await pages.open('settings')
  await page.clock.setFixedTime('2026-11-22T11:30:00Z')
  await page.goto(`${pages.api.url}cron-workflows/argo/hourly-sync`)
  const ticks = page.locator('.tick')
  await page.locator('.tick[data-phase="Failed"]').waitFor()
  const states = await ticks.evaluateAll((all) =>
    all.map((one) => one.getAttribute('data-state') ?? one.getAttribute('data-phase')),
  )
  const gone = states.filter((one) => one === 'gone')
  expect(states.filter((one) => one !== 'before' && one !== 'due' && one !== 'gone')).toEqual([
    ...['Succeeded', 'Succeeded', 'Succeeded', 'Failed', 'missed', 'Succeeded', 'Succeeded'],
  ])
  expect(gone).toHaveLength(2)
  expect(states.filter((one) => one === 'due')).toHaveLength(24)
  await page.getByText('1 missed since yesterday').waitFor()
  await page.getByText('next in 30m').waitFor()
  await page.locator('.tick[data-phase="Failed"] a').click()
  await page.getByRole('heading', { name: 'hourly-sync-8' }).waitFor()
})
