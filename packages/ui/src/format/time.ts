const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** Two units at most: `3d 4h`, `12m 5s`, `0s`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–'
  const whole = Math.max(0, Math.floor(ms / 1000)) * 1000
  const first = units.findIndex(([, size]) => whole >= size)
  if (first < 0) return '0s'
  const parts = units.slice(first, first + 2).map(([unit, size], index) => {
    const rest = index === 0 ? whole : whole % (units[first]?.[1] ?? 1)
    return [Math.floor(rest / size), unit] as const
  })
  return parts
    .filter(([count], index) => index === 0 || count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ')
}

/** From the start to the end, or to now while it goes on. */
export function lasted(startedAt: string | undefined, finishedAt: string | undefined, now: number) {
  const start = Date.parse(startedAt ?? '')
  if (Number.isNaN(start)) return '–'
  return formatDuration((finishedAt ? Date.parse(finishedAt) : now) - start)
}

/** `just now`, `5m ago`, `in 2h`. */
export function relativeTime(time: string | number | undefined, now: number): string {
  const at = typeof time === 'number' ? time : Date.parse(time ?? '')
  if (Number.isNaN(at)) return '–'
  const size = Math.abs(now - at)
  if (size < 5000) return 'just now'
  const words = formatDuration(size).split(' ')[0]
  return at < now ? `${words} ago` : `in ${words}`
}

/** `2026-11-22 11:20:05`, in the zone of whoever looks. */
export function exactTime(time: string | number | undefined): string {
  const at = new Date(time ?? '')
  if (Number.isNaN(at.getTime())) return '–'
  const two = (value: number) => String(value).padStart(2, '0')
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
