import { source as axe } from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly any: readonly { message: string }[] }[]
}

/** What axe finds on a page, with the elements. */
export async function violations(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe)
  const { violations: found } = (await page.evaluate('axe.run()')) as {
    readonly violations: readonly Violation[]
  }
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
  )
}

/** In light, in dark and on a narrow screen, where nothing may stand out at the side. */
export async function violationsEverywhere(page: Page): Promise<readonly string[]> {
  const light = await violations(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await violations(page)
  await page.setViewportSize({ width: 390, height: 800 })
  const narrow = await violations(page)
  const [needed = 0, there = 0] = await page.evaluate<readonly number[]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )
  const wide = needed > there ? [`the page is ${needed} wide, the screen ${there}`] : []
  return [...light, ...dark, ...narrow, ...wide]
}
