/** The values at which a field of a schedule is satisfied. */
export interface FieldValues {
  readonly values: ReadonlySet<number>
  /** Written as a star: the days of the month and of the week then must both be right, else one is enough. */
  readonly star: boolean
}

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names: Readonly<Record<string, number>>
}

interface Malformed {
  readonly error: string
}

/** Reads a comma-separated list of ranges; parts that are empty do not count. */
export function readField(text: string, bounds: Bounds): FieldValues | Malformed {
  const values = new Set<number>()
  let star = false
  for (const part of text.split(',').filter((one) => one !== '')) {
    const range = readRange(part, bounds)
    if ('error' in range) return range
    for (let at = range.start; at <= range.end; at += range.step) values.add(at)
    star ||= range.star
  }
  return { values, star }
}

interface Range {
  readonly start: number
  readonly end: number
  readonly step: number
  readonly star: boolean
}

function readRange(text: string, bounds: Bounds): Range | Malformed {
  const [span = '', stepText, ...more] = text.split('/')
  const parts = span.split('-')
  const ends = readEnds(parts, text, bounds)
  if ('error' in ends) return ends
  if (more.length > 0) return { error: `too many slashes: ${text}` }
  if (stepText === undefined) return checked({ ...ends, step: 1 }, text, bounds)
  const step = readNumber(stepText)
  if (typeof step !== 'number') return step
  // "5/20" means from 5 to the end.
  const end = parts.length === 1 ? bounds.max : ends.end
  return checked({ start: ends.start, end, step, star: ends.star && step <= 1 }, text, bounds)
}

function readEnds(
  parts: readonly string[],
  text: string,
  bounds: Bounds,
): Omit<Range, 'step'> | Malformed {
  const [low = '', high] = parts
  if (low === '*' || low === '?') return { start: bounds.min, end: bounds.max, star: true }
  const start = readValue(low, bounds)
  if (typeof start !== 'number') return start
  if (parts.length > 2) return { error: `too many hyphens: ${text}` }
  const end = high === undefined ? start : readValue(high, bounds)
  return typeof end === 'number' ? { start, end, star: false } : end
}

function checked(range: Range, text: string, { min, max }: Bounds): Range | Malformed {
  const { start, end, step } = range
  if (start < min) {
    return { error: `beginning of range (${start}) below minimum (${min}): ${text}` }
  }
  if (end > max) return { error: `end of range (${end}) above maximum (${max}): ${text}` }
  if (start > end) {
    return { error: `beginning of range (${start}) beyond end of range (${end}): ${text}` }
  }
  if (step === 0) return { error: `step of range should be a positive number: ${text}` }
  return range
}

function readValue(text: string, { names }: Bounds): number | Malformed {
  const name = text.toLowerCase()
  return Object.hasOwn(names, name) ? (names[name] ?? 0) : readNumber(text)
}

const largest = 2n ** 63n - 1n

function readNumber(text: string): number | Malformed {
  const fail = (why: string) => ({
    error: `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: ${why}`,
  })
  if (!/^[+-]?\d+$/.test(text)) return fail('invalid syntax')
  const value = BigInt(text.replace('+', ''))
  if (value > largest || value < -largest - 1n) return fail('value out of range')
  if (value < 0n) return { error: `negative number (${value}) not allowed: ${text}` }
  return Number(value)
}
