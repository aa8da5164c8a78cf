export interface Label {
  readonly key: string
  readonly value: string
}

/** Of all of Argo's metrics. */
export const prefix = 'argo_workflows_'

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
