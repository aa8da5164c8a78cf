import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { startFakeApi } from './fake-api.ts'

const room = fileURLToPath(new URL('../../packages/ui', import.meta.url))
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']

/** The built pages in a real browser, below a path of their own, against a server that only answers. */
export interface Pages extends AsyncDisposable {
  readonly api: Awaited<ReturnType<typeof startFakeApi>>
  /** Opens a path as somebody who was never here; an error in the page is an error of the test. */
  readonly open: (path: string, look?: Look) => Promise<Page>
}

interface Look {
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
}

/** Builds the pages into their own folder, as they are published; resolves to it. */
export async function buildPages(): Promise<string> {
  const before = process.env['NODE_ENV']
  // Vitest says `test`, which vite would take for a wish to debug.
  process.env['NODE_ENV'] = 'production'
  try {
    await build({ root: room, configFile: `${room}/vite.config.ts`, logLevel: 'error' })
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
  return `${room}/dist`
}

export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [...flags, '--disable-background-networking', '--disable-component-update'],
  })
}

export async function openPages(): Promise<Pages> {
  const api = await startFakeApi(await buildPages())
  const browser = await startChromium()
  return {
    api,
    async open(path, { colorScheme = 'light', width = 1280 } = {}) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
      page.on('pageerror', (error) => {
        throw error
      })
      await page.goto(api.url + path)
      return page
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await api[Symbol.asyncDispose]()
    },
  }
}
