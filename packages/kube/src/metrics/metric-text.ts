export interface Label {
  readonly key: string
  readonly value: string
}

/** A metric's name, what it is, and what is told of it. */
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
}

/** A family as a scraper reads it; without lines nothing is told. */
export function familyText({ name, type, help }: Family, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  const head = `# HELP ${name} ${escaped(help, /[\\\n]/g)}\n# TYPE ${name} ${type}\n`
  return `${head}${lines.join('\n')}\n`
}

/** By key, the way two spellings of one set of labels become one series. */
export function labelText(labels: readonly Label[]): string {
  if (labels.length === 0) return ''
  const unique = new Map(labels.map(({ key, value }) => [key, value]))
  const sorted = [...unique].toSorted(([a], [b]) =>
    a === 'le' ? 1 : b === 'le' ? -1 : a < b ? -1 : 1,
  )
  const pairs = sorted.map(([key, value]) => `${key}="${escaped(value, /[\\\n"]/g)}"`)
  return `{${pairs.join(',')}}`
}

export function escaped(text: string, what: RegExp): string {
  return text.replace(what, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}

export function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return String(value)
}
