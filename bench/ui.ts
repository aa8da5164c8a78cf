import { mkdtempSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { hugeRun } from '../test/ui/fake-runs.ts'
import { buildPages, startChromium } from '../test/ui/pages.ts'
import { generatedRun } from './harness/archived-runs.ts'
import type { Bench } from './harness/bench.ts'
import { buildProduct } from './harness/bundle.ts'
import { interleave, middle, percentile, type Sample, spreads } from './harness/samples.ts'
import { type ServerUnderTest, startServer } from './harness/server.ts'

const pageClock = fileURLToPath(new URL('harness/page-clock.js', import.meta.url))

/** The pages in a browser, from the published server, whose data directory was filled through its API. */
export const ui: Bench = {
  name: 'ui',
  about:
    'a run of 10,000 nodes and a list of 5,000 runs in Chromium: first paint, panning, search, news',
  async run(plan) {
    const nodes = plan.quick ? 1_000 : 10_000
    const count = plan.quick ? 500 : 5_000
    await buildPages()
    buildProduct()
    await using server = await startServer(mkdtempSync(`${plan.dir}/server-`), {
      ...{ runtime: 'process', connections: 16 },
      // What runs here is only looked at.
      flags: ['--no-controllers', '--no-node'],
    })
    await fill(server, { nodes, count })
    const browser = await startChromium()
    try {
      const runs = await interleave(plan, {
        run: () => withPage(browser, (page) => largeRun(page, server)),
        list: () => withPage(browser, (page) => longList(page, server)),
      })
      return { figures: { nodes, count, ...spreads(runs) }, verdicts: verdictsOf(runs) }
    } finally {
      await browser.close()
    }
  },
}

function verdictsOf({ run, list }: Awaited<ReturnType<typeof interleave<'run' | 'list'>>>) {
  const ms = (what: string, samples: readonly Sample[], key: string, most?: number) => ({
    ...{ what, value: middle(samples, key), unit: 'ms' },
    ...(most !== undefined && { must: { most } }),
  })
  return [
    ms('10,000 nodes, first paint', run, 'firstPaint', 1000),
    ms('panning near, a frame, p50', run, 'nearP50', 17.5),
    ms('panning near, a frame, p99', run, 'nearP99', 34),
    ms('panning all of it, a frame, p50', run, 'wholeP50', 17.5),
    ms('panning all of it, a frame, p99', run, 'wholeP99', 51),
    {
      what: 'news of one node',
      value: middle(run, 'newsBytes'),
      unit: 'bytes',
      must: { most: 1000 },
    },
    ms('its bytes to the picture', run, 'newsMs', 100),
    ms('its PATCH to the picture', run, 'newsFromPatchMs'),
    ms('5,000 runs, first paint', list, 'firstPaint', 1000),
    ms('a key in the search to its result, p50', list, 'keyP50', 50),
    ms('a key in the search to its result, p99', list, 'keyP99', 100),
  ]
}

const workflowsPath = (namespace: string) =>
  `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/workflows`

interface Amounts {
  readonly nodes: number
  readonly count: number
}

/** One run of many nodes in `default`, many runs in `argo`. */
async function fill(server: ServerUnderTest, { nodes, count }: Amounts): Promise<void> {
  const { metadata, status, ...rest } = hugeRun(nodes)
  const labels = { 'workflows.argoproj.io/phase': 'Running' }
  await server.ask('POST', workflowsPath('default'), {
    ...rest,
    metadata: { name: metadata.name, labels },
    status: { ...status, phase: 'Running', finishedAt: undefined },
  })
  const left = Array.from({ length: count }, (_, at) => generatedRun(at, { nodes: 1 }))
  const work = async () => {
    for (let one = left.pop(); one; one = left.pop()) {
      const { uid: _, ...own } = one.metadata
      const run = { ...one, metadata: { ...own, namespace: 'argo' } }
      await server.ask('POST', workflowsPath('argo'), run)
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
}

/** A tab of a new visitor: nothing is kept from the one before. */
async function withPage(browser: Browser, work: (page: Page) => Promise<Sample>): Promise<Sample> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  try {
    context.setDefaultTimeout(60_000)
    const page = await context.newPage()
    await page.addInitScript({ path: pageClock })
    return await work(page)
  } finally {
    await context.close()
  }
}

async function largeRun(page: Page, server: ServerUnderTest): Promise<Sample> {
  await page.goto(new URL('workflows/default/huge', server.pages).href, { waitUntil: 'commit' })
  const firstPaint = await painted(page, '.graph .node')
  await page.locator('.live[data-state=live]').waitFor()
  const news = await newsOfOne(page, server)
  const near = await page.evaluate<number[]>('benchClock.pan(240)')
  await page.getByRole('button', { name: 'All of it' }).click()
  const whole = await page.evaluate<number[]>('benchClock.pan(240)')
  return {
    ...{ firstPaint, ...news },
    ...{ nearP50: percentile(near, 0.5), nearP99: percentile(near, 0.99) },
    ...{ wholeP50: percentile(whole, 0.5), wholeP99: percentile(whole, 0.99) },
  }
}

/** A step that is on the screen changes its phase: how long until that is seen. */
async function newsOfOne(page: Page, server: ServerUnderTest): Promise<Sample> {
  const id = (await page.locator('.graph .node').nth(1).getAttribute('data-id')) ?? ''
  await using other = await otherReader(server)
  const newsMs: number[] = []
  const fromPatchMs: number[] = []
  for (const phase of ['Error', 'Pending', 'Skipped', 'Omitted', 'Failed']) {
    const seen = painted(page, `[data-id="${id}"][data-phase="${phase}"]`)
    const begin = performance.timeOrigin + performance.now()
    await server.ask('PATCH', `${workflowsPath('default')}/huge`, {
      status: { nodes: { [id]: { phase } } },
    })
    const at = await seen
    const [origin, bytesAt] = await page.evaluate<[number, number]>(
      '[performance.timeOrigin, benchClock.lastBytesAt]',
    )
    newsMs.push(at - bytesAt)
    fromPatchMs.push(origin + at - begin)
  }
  return {
    newsMs: percentile(newsMs, 0.5),
    newsFromPatchMs: percentile(fromPatchMs, 0.5),
    newsBytes: await other.lastWord(),
  }
}

/** Hears the same as the page, and counts its bytes. */
async function otherReader(server: ServerUnderTest) {
  const run = await fetch(new URL('api/v1/workflows/default/huge', server.pages))
  const { metadata } = (await run.json()) as { metadata: { resourceVersion: string } }
  const path = new URL('api/v1/workflow-events/default', server.pages)
  path.search = new URLSearchParams({
    'listOptions.fieldSelector': 'metadata.name=huge',
    'listOptions.resourceVersion': metadata.resourceVersion,
    deltas: 'true',
  }).toString()
  const stop = new AbortController()
  // It begins to answer with the first word.
  const answer = fetch(path, {
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
  })
  answer.catch(() => undefined)
  return {
    async lastWord() {
      const { body } = await answer
      const lines = body?.pipeThrough(new TextDecoderStream()).getReader()
      let text = ''
      while (!text.includes('"value":"Failed"')) {
        const { done, value } = (await lines?.read()) ?? { done: true }
        if (done) throw new Error('the news ended before their end')
        text += value
      }
      return text.trim().split('\n').at(-1)?.length ?? 0
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
    },
  }
}

async function longList(page: Page, server: ServerUnderTest): Promise<Sample> {
  await page.goto(new URL('workflows/argo', server.pages).href, { waitUntil: 'commit' })
  const firstPaint = await painted(page, 'tbody tr[data-row]')
  await page.keyboard.press('/')
  const taken: number[] = []
  for (const word of ['pipeline-7', 'status = failed', 'team']) {
    for (const letter of word) taken.push(await keyToResult(page, letter))
    await page.keyboard.press('Escape')
  }
  return { firstPaint, keyP50: percentile(taken, 0.5), keyP99: percentile(taken, 0.99) }
}

/** Milliseconds from the beginning of the page until this is there and painted. */
function painted(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`benchClock.painted(${JSON.stringify(selector)})`)
}

async function keyToResult(page: Page, key: string): Promise<number> {
  await page.evaluate('benchClock.awaitKey()')
  await page.keyboard.press(key)
  return page.evaluate<number>('benchClock.keyed')
}
