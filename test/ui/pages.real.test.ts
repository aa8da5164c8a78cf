import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violationsEverywhere } from './axe.ts'
import { openPages, type Pages } from './pages.ts'

let pages: Pages

beforeAll(async () => {
  pages = await openPages()
}, 120_000)

afterAll(() => pages?.[Symbol.asyncDispose]())

const failedRun = 'workflows/argo/nightly-etl-7xk2p'

const places: readonly (readonly [path: string, text: string])[] = [
  ['workflows', 'release-4-2'],
  ['workflows?q=nothing-has-this-name', 'No run fits'],
  [failedRun, "KeyError: 'region-7'"],
  [`${failedRun}?view=timeline`, 'transform(0:region-0)'],
  [`${failedRun}?view=table&nodeId=nightly-etl-7xk2p.extract&tab=data`, '184203'],
  [`${failedRun}?view=summary`, 'Manifest'],
  [`${failedRun}?nodeId=nightly-etl-7xk2p.extract&tab=logs`, '184203 rows'],
  [`${failedRun}?nodeId=nightly-etl-7xk2p.extract&tab=events`, 'No events'],
  [`${failedRun}?nodeId=nightly-etl-7xk2p.extract&tab=manifest`, 'displayName'],
  [`${failedRun}?nodeId=fold%3Anightly-etl-7xk2p.transform%2Ftransform`, '45 Succeeded'],
  ['workflows/argo/release-4-2?nodeId=release-4-2.approve', 'Resume'],
  ['workflows/argo/release-4-2', 'Answer'],
  ['workflows/argo/huge', 'task-50'],
  ['workflows/argo/not-there', 'There is no run not-there'],
  ['submit?template=workflow-templates%2Fargo%2Fnightly-etl', 'The day to work on'],
  ['submit?from=yaml', "template name 'helo' undefined"],
  ['workflow-templates', 'train-model'],
  ['workflow-templates/argo/train-model', 'Manifest'],
  ['workflow-templates/argo/not-there', 'could not be read'],
  ['cluster-workflow-templates', 'release'],
  ['cron-workflows', 'sync-crm'],
  ['cron-workflows/argo/nightly-etl', 'Manifest'],
  ['archived-workflows', 'the newest 100 of 1,000 runs'],
  ['archived-workflows?q=nothing-has-this-name', 'No archived run fits'],
  ['event-flow', 'Argosy does not run event sources and sensors yet'],
  ['event-flow/quiet', 'No events flow in quiet yet'],
  ['event-flow/argo?nodeId=source%3Aargo%2Fgit-hosts', 'Stored only'],
  ['event-flow/argo?nodeId=event%3Aargo%2Fgit-hosts%2Fpush&tab=logs', 'dispatching an event'],
  ['event-flow/argo?nodeId=bus%3Aargo%2Ftrade', 'there is no EventBus of this name'],
  ['event-flow/argo?nodeId=sensor%3Aargo%2Fbuild', 'Waits for'],
  ['event-flow/argo?nodeId=trigger%3Aargo%2Fodd%2Fnever', 'can never fire'],
  ['event-flow/argo?nodeId=binding%3Aargo%2Fon-push', 'Means an event when'],
  ['event-flow/argo?nodeId=binding%3Aargo%2Fon-push&tab=runs', 'All of them'],
  ['event-flow/argo?nodeId=entry%3Aargo&tab=send', 'What the bindings will make of it'],
  ['event-flow/argo?nodeId=run%3Aargo%2Fbuild-x7k2p', 'Open the run'],
  ['sensors/argo/odd', 'What is wrong with it'],
  ['no-such-page', 'There is no such page'],
  ['settings', 'Ada'],
  ['login', 'With a token'],
  ['apidocs', '/api/v1/workflow-templates/{namespace}'],
]

describe('axe finds nothing, in light, in dark and on a narrow screen, at', () => {
  for (const [path, text] of places) {
    test(`${path}, which has what it is for`, async () => {
      const page = await pages.open(path)
      await page.getByText(text).first().waitFor()
      expect(await violationsEverywhere(page)).toEqual([])
      await page.close()
    })
  }
})

test('five thousand runs: only those near the screen exist, and a search narrows them at once', async () => {
  const page = await pages.open('workflows')
  await page.getByText('5,003 runs').waitFor()
  expect(await page.locator('tbody tr').count()).toBeLessThan(60)
  await page.keyboard.press('/')
  await page.keyboard.type('release-4-2')
  await page.getByText('1 run', { exact: true }).waitFor()
  await page.waitForURL('**q=release-4-2')
  await page.close()
})

test('by keyboard alone: from the list into a run, to a step of its graph, to its log, and back', async () => {
  const page = await pages.open('workflows?q=nightly-etl-7xk2p')
  await page.getByText('1 run', { exact: true }).waitFor()
  await page.locator('tbody a').first().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'nightly-etl-7xk2p' }).waitFor()
  await page.locator('[data-id="nightly-etl-7xk2p"]').focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction("document.activeElement?.textContent?.startsWith('extract')")
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: 'Summary' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('region', { name: 'Lines' }).getByText('184203 rows').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('complementary').waitFor({ state: 'detached' })
  await page.close()
})

test('a retry from the failure goes to the server', async () => {
  const page = await pages.open(failedRun)
  await page.getByRole('button', { name: 'Retry what failed' }).click()
  await page.getByText('retried').waitFor()
  expect(pages.api.asked.at(-1)).toMatchObject({
    method: 'PUT',
    path: 'api/v1/workflows/argo/nightly-etl-7xk2p/retry',
  })
  await page.close()
})

test('a run of ten thousand steps is drawn, and little of it is there', async () => {
  const asked = performance.now()
  const page = await pages.open('workflows/argo/huge')
  await page.locator('.node').first().waitFor()
  console.log(`10,000 steps: first picture after ${Math.round(performance.now() - asked)} ms`)
  expect(await page.locator('.node').count()).toBeLessThan(400)
  await page.getByRole('button', { name: 'All of it' }).click()
  await page.getByRole('button', { name: 'Come closer' }).waitFor()
  await page.close()
})

test('a page that breaks says so, and the others go on', async () => {
  const page = await pages.open('settings')
  page.removeAllListeners('pageerror')
  await page.route('**/api/v1/workflow-templates/argo/odd', (route) => route.fulfill({ json: {} }))
  await page.goto(`${pages.api.url}workflow-templates/argo/odd`)
  await page.getByRole('heading', { name: 'This page broke' }).waitFor()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByText('Ada').waitFor()
  await page.close()
})
