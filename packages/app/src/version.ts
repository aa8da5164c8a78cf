import { readFileSync } from 'node:fs'

/** Ours, as 1.2.3. */
export function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}
