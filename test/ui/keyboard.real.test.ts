import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages, type Pages } from './pages.ts'

/** Who has no mouse gets everywhere, sees where he is, and gets out again. */

let pages: Pages

beforeAll(async () => {
  pages = await openPages()
}, 120_000)
afterAll(() => pages?.[Symbol.asyncDispose]())

interface Stop {
  readonly what: string
  readonly isSeen: boolean
  readonly isMarked: boolean
}

/** In the page: what has the focus, whether it is on the screen, and whether it looks different for it. */
const stopNow = `(() => {
  const one = document.activeElement
  if (!one || one === document.body) return undefined
  const { left, top, right, bottom } = one.getBoundingClientRect()
  const shown = one.closest('.cm-editor') ?? one
  const { outlineStyle, boxShadow } = getComputedStyle(shown)
  return {
    what: one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.textContent ?? '').slice(0, 60),
    isSeen: right > left && bottom > top && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
    isMarked: outlineStyle !== 'none' || boxShadow !== 'none',
  }
})()`

/** Where the tabulator leads, from the beginning of a page until it is left. */
async function walk(page: Page): Promise<readonly Stop[]> {
  const stops: Stop[] = []
  for (let count = 0; count < 250; count++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate<Stop | undefined>(stopNow)
    if (!stop) return stops
    stops.push(stop)
  }
  throw new Error(`it goes on for ever: ${stops.slice(-4).map(({ what }) => what)}`)
}

const failedRun = 'workflows/argo/nightly-etl-7xk2p'

test.each([
  [
    'workflows',
    'release-4-2',
    ['Search runs', 'Order', 'Choose hourly', 'A hourly-sync', 'BUTTON hourly-sync'],
  ],
  [
    failedRun,
    "KeyError: 'region-7'",
    ['Retry what failed', 'Last lines of its log', 'Find a step'],
  ],
  [`${failedRun}?view=timeline`, 'transform(0:region-0)', ['Timeline']],
  [`${failedRun}?view=table&nodeId=nightly-etl-7xk2p.extract&tab=data`, '184203', ['Close']],
  [`${failedRun}?view=summary`, 'Manifest', ['Copy', 'Manifest']],
  [
    `${failedRun}?nodeId=nightly-etl-7xk2p.extract&tab=logs`,
    '184203 rows',
    ['Search the log', 'Lines'],
  ],
  ['workflows/argo/release-4-2', 'Answer', ['Answer', 'Suspend']],
  ['event-flow/argo', 'git-hosts', ['Runs', 'Send an event', 'Find a box']],
  [
    'event-flow/argo?nodeId=entry%3Aargo&tab=send',
    'What the bindings will make of it',
    ['Close', 'Send'],
  ],
  ['workflows/argo/huge', 'task-50', ['Find a step']],
  [
    'submit?template=workflow-templates%2Fargo%2Fnightly-etl',
    'The day to work on',
    ['Submit to argo'],
  ],
  ['submit?from=yaml', "template name 'helo' undefined", ['From YAML', 'Submit to default']],
  ['workflow-templates', 'train-model', ['Search', 'Submit']],
  ['workflow-templates/argo/train-model', 'Manifest', ['Its runs', 'Delete']],
  ['cron-workflows', 'sync-crm', ['sync-crm']],
  ['archived-workflows', 'the newest 100', ['Search runs', 'Failed']],
  ['settings', 'Ada', ['Dark', 'What its endpoints take and give']],
  ['login', 'With a token', ['TEXTAREA']],
  ['apidocs', '/api/v1/workflow-templates/{namespace}', ['openapi.json']],
])('%s is walked through by the tabulator, and left', async (path, text, wanted) => {
  const page = await pages.open(path)
  await page.getByText(text).first().waitFor()
  const stops = await walk(page)
  expect(stops[0]?.what).toContain('Skip to the page')
  expect(stops.filter(({ isSeen, isMarked }) => !isSeen || !isMarked)).toEqual([])
  const all = stops.map(({ what }) => what).join('\n')
  for (const one of wanted) expect(all).toContain(one)
  await page.close()
})
