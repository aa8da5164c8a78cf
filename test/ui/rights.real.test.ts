import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { violationsEverywhere } from './axe.ts'
import { openPages, type Pages } from './pages.ts'

/** What is offered to whom. */

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
}, 120_000)
afterEach(() => page?.close())
afterAll(() => pages?.[Symbol.asyncDispose]())

type Verbs = Readonly<Record<string, readonly string[]>>

/** Opens a page as somebody who may do this in the namespace `argo`. */
async function openAs(verbs: Verbs, path: string): Promise<void> {
  page = await pages.open('settings')
  await page.getByText('Ada').waitFor()
  await page.route('**/api/v1/rights/**', (route) =>
    route.fulfill({ json: { namespace: 'argo', user: 'ada', verbs } }),
  )
  await page.evaluate(
    `history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`,
  )
}

const read = ['get', 'list', 'watch']
const reader: Verbs = { workflows: read, workflowtemplates: read, cronworkflows: read }
const submitter: Verbs = { workflows: [...read, 'create'], workflowtemplates: read }
const button = (name: string) => page.getByRole('button', { name, exact: false })
const dim = (name: string) => page.locator(`button[aria-disabled=true]`, { hasText: name })
const why = (verb: string, kind = 'workflows') => `You are ada, who may not ${verb} ${kind} in argo`

test('who may only read a failed run sees what would help, and why it is not for him', async () => {
  await openAs(reader, 'workflows/argo/nightly-etl-7xk2p')
  await dim('Retry').first().waitFor()
  for (const name of ['Resubmit with changes', 'Retry', 'Resubmit', 'Delete']) {
    expect(await dim(name).count(), name).toBeGreaterThan(0)
  }
  expect(await dim('Delete').getAttribute('title')).toBe(why('delete'))
  await dim('Delete').press('Enter')
  await page.getByRole('status').getByText(why('delete')).waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
  expect(await violationsEverywhere(page)).toEqual([])
})

test('who may submit may resubmit, and no more', async () => {
  await openAs(submitter, 'workflows/argo/nightly-etl-7xk2p')
  await dim('Delete').waitFor()
  await button('Resubmit with changes').click()
  await page.getByRole('dialog', { name: 'Resubmit nightly-etl-7xk2p' }).waitFor()
})

test.each([
  ['workflow-templates/argo/train-model', ['Submit', 'Delete']],
  ['cron-workflows/argo/nightly-etl', ['Suspend', 'Submit', 'Delete']],
  ['workflows/argo', ['Submit']],
  ['submit?from=yaml', ['Submit to']],
])('at %s the reader is offered none of %j', async (path, names) => {
  await openAs(reader, path)
  for (const name of names) await dim(name).first().waitFor()
  expect(await violationsEverywhere(page)).toEqual([])
})

test('what is done with many runs at once is dim as well', async () => {
  await openAs(reader, 'workflows/argo')
  await page.getByRole('checkbox').nth(1).check()
  for (const name of ['Resubmit', 'Delete']) await dim(name).waitFor()
})

test('a server that does not know the question offers everything', async () => {
  page = await pages.open('settings')
  await page.getByText('Ada').waitFor()
  await page.route('**/api/v1/rights/**', (route) => route.fulfill({ status: 501, json: {} }))
  await page.evaluate(
    `history.pushState(null, '', 'workflows/argo/nightly-etl-7xk2p'); dispatchEvent(new PopStateEvent('popstate'))`,
  )
  await button('Delete').waitFor()
  expect(await page.locator('button[aria-disabled=true]').count()).toBe(0)
})
