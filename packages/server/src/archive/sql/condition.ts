export type SqlValue = string | number

/** A part of a statement with a `?` for each of its values. What somebody wrote is always a value. */
export interface Condition {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** How a database says what each says in its own way; `text` is an expression, `?` follows it in the values. */
export interface Dialect {
  contains(text: string, part: string): Condition
  beginsWith(text: string, part: string): Condition
  glob(text: string, parts: readonly string[]): Condition
  /** Whether there is a row, `FROM …`. */
  exists(rows: Condition): Condition
}

export const condition = (sql: string, ...values: readonly SqlValue[]): Condition => ({
  sql,
  values,
})

export const always = condition('1 = 1')

export function not({ sql, values }: Condition): Condition {
  return { sql: `NOT (${sql})`, values }
}

export function all(parts: readonly Condition[]): Condition {
  return joined(parts, 'AND', always)
}

export function any(parts: readonly Condition[]): Condition {
  return joined(parts, 'OR', condition('1 = 0'))
}

function joined(parts: readonly Condition[], word: 'AND' | 'OR', none: Condition): Condition {
  const [only] = parts
  if (only === undefined) return none
  if (parts.length === 1) return only
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(` ${word} `),
    values: parts.flatMap(({ values }) => values),
  }
}
