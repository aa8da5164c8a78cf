/** As people say it: `0.4s`, `12s`, `3m05s`, `2h07m`. */
export function durationText(ms: number): string {
  if (ms < 9_950) return `${(Math.max(ms, 0) / 1000).toFixed(1)}s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m${two(seconds % 60)}s`
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`
}

/** Milliseconds of `10m`, `90s`, `1h30m`, `500ms`; undefined when it is none of these. */
export function durationMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    total += Number(amount) * (unitMs[unit ?? ''] ?? 0)
  }
  return total
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

function two(value: number): string {
  return String(value).padStart(2, '0')
}
