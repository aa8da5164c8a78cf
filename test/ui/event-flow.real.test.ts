import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { violationsEverywhere } from './axe.ts'
import { fakeFlow } from './fake-flow.ts'
import { openPages, type Pages } from './pages.ts'

/** Where events come from, and what they lead to. */

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
}, 120_000)
afterEach(() => page?.close())
afterAll(() => pages?.[Symbol.asyncDispose]())

const box = (id: string) => page.locator(`[data-id="${id}"]`)

const streamOf = (...messages: readonly object[]) => ({
  contentType: 'text/event-stream',
  body: messages.map((result) => `data: ${JSON.stringify({ result })} \n\n`).join(''),
})

test('a box says in words what it is and how it is with it', async () => {
  page = await pages.open('event-flow/argo')
  const names = [
    ['source:argo/git-hosts', 'git-hosts: event source, stored only, nothing runs it, 2 events'],
    ['event:argo/clock/nightly', 'nightly: event, ready, Calendar'],
    ['bus:argo/trade', 'trade: event bus, not there'],
    ['sensor:argo/odd', 'odd: sensor, cannot work as it is written'],
    ['binding:argo/on-push', 'on-push: event binding, run by this server, nightly-etl'],
    ['run:argo/build-x7k2p', 'build-x7k2p: run, Failed'],
  ] as const
  for (const [id, name] of names) {
    await box(id).waitFor()
    const said = (await box(id).textContent()) ?? ''
    expect(said.replace(/\s+/g, ' ')).toContain(name)
  }
})

test('by keyboard alone: along the arrows to a trigger, into its panel, and back', async () => {
  page = await pages.open('event-flow/argo')
  await box('source:argo/clock').focus()
  const isAt = (genre: string) =>
    page.waitForFunction(`document.activeElement?.getAttribute('data-genre') === '${genre}'`)
  for (const genre of ['event', 'bus', 'sensor', 'trigger']) {
    await page.keyboard.press('ArrowRight')
    await isAt(genre)
  }
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary')
  await panel.getByText('What it does').waitFor()
  await panel.getByRole('tab', { name: 'Summary' }).focus()
  await page.keyboard.press('ArrowRight')
  await panel.getByRole('tab', { name: 'Runs', selected: true }).waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await isAt('trigger')
})

test('what belongs to the chosen box is marked, past the bus that joins everything', async () => {
  page = await pages.open('event-flow/argo?nodeId=event%3Aargo%2Fclock%2Fnightly')
  await box('event:argo/clock/nightly').waitFor()
  expect(await box('source:argo/clock').getAttribute('data-related')).toBe('true')
  expect(await box('source:argo/git-hosts').getAttribute('data-related')).toBe('false')
})

test('an event is sent, and what bindings make of it is told before', async () => {
  page = await pages.open('event-flow/argo')
  await page.getByRole('button', { name: 'Send an event' }).click()
  const panel = page.getByRole('complementary')
  const verdicts = panel.getByRole('listitem')
  await verdicts.getByText('on-push means it: a run starts').waitFor()
  await panel.getByLabel('Discriminator').fill('release')
  await verdicts.getByText('on-push does not mean it').waitFor()
  await verdicts.getByText('on-release means it').waitFor()
  await panel.getByLabel('Payload').fill('{"version": ')
  expect(await panel.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
  await panel.getByLabel('Payload').fill('{"version": 4}')
  await panel.getByRole('button', { name: 'Send' }).click()
  await page.getByText('The event was taken').waitFor()
  expect(pages.api.asked.at(-1)).toEqual({
    ...{ method: 'POST', path: 'api/v1/events/argo/release', body: '{"version":4}' },
  })
})

test('what a binding refuses is told in the server’s words', async () => {
  page = await pages.open('event-flow/argo?nodeId=binding%3Aargo%2Fon-push&tab=send')
  const message = 'failed to dispatch event: [no template]'
  await page.route('**/api/v1/events/**', (route) =>
    route.fulfill({ status: 400, json: { code: 3, message } }),
  )
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText(message).waitFor()
})

test('a sensor is deleted when that was asked', async () => {
  page = await pages.open('event-flow/argo?nodeId=sensor%3Aargo%2Fodd')
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('odd deleted').waitFor()
  expect(pages.api.asked.at(-1)).toMatchObject({
    ...{ method: 'DELETE', path: 'api/v1/sensors/argo/odd' },
  })
})

test('what comes and goes is drawn at once; kinds that nobody may see are told of', async () => {
  page = await pages.open('settings')
  const added = fakeFlow.map((object) => ({ type: 'ADDED', object }))
  const [first] = fakeFlow
  const refused = [{ kind: 'Sensor', message: 'sensors is forbidden: User "ada"' }]
  await page.route('**/api/v1/stream/event-flow/argo', (route) =>
    route.fulfill(
      streamOf(...added, { type: 'LISTED', refused }, { type: 'DELETED', object: first }),
    ),
  )
  await page.goto(`${pages.api.url}event-flow/argo`)
  await box('source:argo/clock').waitFor()
  expect(await box('event:argo/git-hosts/merge').getAttribute('data-standing')).toBe('missing')
  await page.getByText('you may not see them here: Sensor.').waitFor()
  expect(await violationsEverywhere(page)).toEqual([])
})

test('without runs it is what it is by itself', async () => {
  page = await pages.open('event-flow/argo')
  await box('run:argo/build-x7k2p').waitFor()
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await box('run:argo/build-x7k2p').waitFor({ state: 'detached' })
  expect(page.url()).toContain('runs=hidden')
})

test('older runs are on the page of runs', async () => {
  page = await pages.open('event-flow/argo')
  await box('more:binding:argo/on-push').click()
  await page.getByRole('heading', { name: 'Runs' }).waitFor()
  expect(decodeURIComponent(page.url())).toContain(
    'workflows/argo?label=workflows.argoproj.io/workflow-event-binding=on-push',
  )
})
