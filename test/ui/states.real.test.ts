import type { Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { violationsEverywhere } from './axe.ts'
import { openPages, type Pages } from './pages.ts'

/** What the pages say when not all is well. */

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
}, 120_000)
afterEach(() => page?.close())
afterAll(() => pages?.[Symbol.asyncDispose]())

const api = '**/api/v1/**'

describe('a server that falls silent', () => {
  const silence = (route: Route) => route.abort('connectionrefused')

  test.each([
    ['archived-workflows', 'the newest 100 of 1,000 runs'],
    ['workflow-templates', 'train-model'],
    ['event-flow', 'git-hosts'],
    ['workflows', 'release-4-2'],
    ['workflows/argo/nightly-etl-7xk2p', "KeyError: 'region-7'"],
  ])('is told at %s, which goes on by itself when it is back', async (path, text) => {
    page = await pages.open('settings')
    await page.getByText('Ada').waitFor()
    await page.route(api, silence)
    await page.evaluate(
      `history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`,
    )
    await page.getByText('The server does not answer. What is shown may be old').waitFor()
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor()
    expect(await violationsEverywhere(page)).toEqual([])
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.unroute(api, silence)
    await page.getByText(text).first().waitFor()
    await page.getByText('What is shown may be old').waitFor({ state: 'detached' })
  })
})

describe('who may not look', () => {
  const forbid = (pattern: string) =>
    page.route(pattern, (route) =>
      route.fulfill({ status: 403, json: { code: 7, message: 'it is forbidden: User "ada"' } }),
    )

  test.each([
    ['workflows', 'The runs could not be read'],
    ['workflow-templates', 'The templates could not be read'],
    ['cron-workflows', 'The schedules could not be read'],
    ['archived-workflows', 'The archive could not be read'],
    ['event-flow', 'The event flow could not be read'],
    ['submit', 'The templates could not be read'],
  ])('at all of %s is led to a namespace', async (path, title) => {
    page = await pages.open('settings')
    await page.getByText('Ada').waitFor()
    for (const kind of [
      'workflows',
      'workflow-templates',
      'cron-workflows',
      'archived-workflows',
      'stream/event-flow',
    ]) {
      await forbid(`**/api/v1/${kind}/?*`)
      await forbid(`**/api/v1/${kind}/`)
      await forbid(`**/api/v1/${kind}?*`)
    }
    await forbid('**/api/v1/cluster-workflow-templates')
    await page.evaluate(
      `history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`,
    )
    await page.getByRole('heading', { name: title }).waitFor()
    await page.getByText('it is forbidden: User "ada"').waitFor()
    await page.getByText('name one at the top that you may see').waitFor()
    expect(await violationsEverywhere(page)).toEqual([])
  })

  test('in a namespace is told what gives the right', async () => {
    page = await pages.open('settings')
    await page.getByText('Ada').waitFor()
    await forbid('**/api/v1/workflows/team?*')
    await page.goto(`${pages.api.url}workflows/team`)
    await page.getByText('kubectl create rolebinding look --clusterrole=view').waitFor()
    await page.getByText('--namespace=team').waitFor()
  })
})

test('a server for one namespace is asked for nothing else', async () => {
  page = await pages.open('settings')
  await page.route(/archived-workflows$|workflows$|submit/, async (route) => {
    if (route.request().resourceType() !== 'document') return route.fallback()
    const response = await route.fetch()
    const own = '<meta name="argosy-managed-namespace" content="argo"'
    const text = await response.text()
    await route.fulfill({
      response,
      body: text.replace(/<meta name="argosy-managed-namespace" content=""/, own),
    })
  })
  pages.api.asked.length = 0
  for (const path of ['workflows', 'cron-workflows', 'archived-workflows', 'submit?from=yaml']) {
    await page.goto(pages.api.url + path)
    await page
      .getByText(path === 'submit?from=yaml' ? 'Submit to argo' : 'argo')
      .first()
      .waitFor()
  }
  const lists = pages.api.asked.filter(({ path }) =>
    /^api\/v1\/(archived-|cron-)?workflows/.test(path),
  )
  expect(lists.length).toBeGreaterThan(3)
  for (const { path } of lists) expect(path).toMatch(/\/argo|namespace=argo/)
})

test('a run that is deleted while it is looked at stays as it was, and says so', async () => {
  page = await pages.open('settings')
  const run = { metadata: { name: 'release-4-2', uid: 'uid-release-4-2' }, spec: {}, status: {} }
  let told = 0
  await page.route('**/api/v1/workflow-events/argo?*', (route) => {
    told += 1
    const body = `data: ${JSON.stringify({ result: { type: 'DELETED', object: run } })} \n\n`
    return route.fulfill({ contentType: 'text/event-stream', body })
  })
  await page.route('**/api/v1/workflows/argo/release-4-2', (route) =>
    told === 0
      ? route.fallback()
      : route.fulfill({ status: 404, json: { code: 5, message: 'not found' } }),
  )
  await page.goto(`${pages.api.url}workflows/argo/release-4-2`)
  await page.getByText('This run was deleted.').waitFor()
  await page.locator('[data-id="release-4-2.approve"]').waitFor()
  expect(await violationsEverywhere(page)).toEqual([])
})

describe('a log', () => {
  const open = async (lines: readonly string[]) => {
    page = await pages.open('settings')
    const body = lines.map((content) => `${JSON.stringify({ result: { content } })}\n`).join('')
    await page.route('**/log?*', (route) => route.fulfill({ body }))
    const step = 'nodeId=nightly-etl-7xk2p.extract&tab=logs'
    await page.goto(`${pages.api.url}workflows/argo/nightly-etl-7xk2p?${step}`)
    return page.getByRole('region', { name: 'Lines' })
  }

  test('has the colours that it was written with, and they can be read', async () => {
    const codes = [31, 32, 33, 34, 35, 36, 37, 90, 91, 95, 41, 44, 103]
    const colours = codes.map((code) => `\u001b[${code}mwritten in ${code}\u001b[0m plain`)
    const lines = await open([...colours, '\u001b[38;5;226myellow\u001b[38;2;0;0;90mdark\u001b[m'])
    await lines.getByText('written in 31').waitFor()
    const color = (text: string) => lines.getByText(text, { exact: true }).getAttribute('style')
    expect(await color('written in 31')).toContain('color')
    expect(await color('written in 31')).not.toBe(await color('written in 32'))
    expect(await violationsEverywhere(page)).toEqual([])
  })

  test('that broke off is read anew when the server is back', async () => {
    const lines = await open([])
    await lines.getByText('It wrote nothing.').waitFor()
    await page.unrouteAll()
    await page.route(api, (route) => route.abort('connectionrefused'))
    await page.getByRole('tab', { name: 'Summary' }).click()
    await page.getByRole('tab', { name: 'Logs' }).click()
    await lines.getByText('the server does not answer').waitFor()
    await page.unrouteAll()
    await lines.getByText('184203 rows').waitFor()
  })

  test('with a line of five million letters is shown at once, and searched', async () => {
    const long = `${'x'.repeat(5_000_000)}needle`
    const lines = await open(['first', long, 'last'])
    await lines.getByText('last').waitFor()
    await lines.getByText('4,996,006 more letters').waitFor()
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('needle')
    await page.keyboard.press('Enter')
    await lines.locator('mark').getByText('needle').waitFor()
  })
})

test('names of 250 letters, of any writing, and huge values keep to their place', async () => {
  const name = `${'long-'.repeat(49)}name`
  const text = 'עברית العربية 日本語 😀'
  page = await pages.open('settings')
  await page.route('**/api/v1/workflows/argo/odd', async (route) => {
    const parameters = [
      { name: `${'p'.repeat(120)}`, value: 'v'.repeat(20_000) },
      { name: 'text', value: `${text}\n${text}` },
    ]
    const node = { id: 'n', name, displayName: name, type: 'Pod', phase: 'Failed', message: name }
    await route.fulfill({
      json: {
        ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
        metadata: {
          name,
          namespace: 'argo',
          uid: 'u',
          annotations: { 'workflows.argoproj.io/description': text },
        },
        spec: { arguments: { parameters } },
        status: { phase: 'Failed', message: name, nodes: { n: node } },
      },
    })
  })
  for (const view of ['graph', 'timeline', 'table', 'summary']) {
    await page.setViewportSize({ width: 1024, height: 800 })
    await page.goto(`${pages.api.url}workflows/argo/odd?view=${view}`)
    await page.getByText(name).first().waitFor()
    expect([view, await violationsEverywhere(page)]).toEqual([view, []])
  }
})
