import { StatusError } from '@argosy/kube'

/** Kubernetes' reading of a truth in a query: anything but absent, `0` and `false` is true, also nothing. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name)
  return text !== null && text !== '0' && text.toLowerCase() !== 'false'
}

/** A number that may be absent; throws `BadRequest` when it is none. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  throw new StatusError(
    'BadRequest',
    `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax (query parameter ${name})`,
  )
}

/** Whether nothing may be stored; only `All` is known. */
export function isDryRun(values: readonly string[]): boolean {
  const asked = values.filter((value) => value !== '')
  if (asked.length === 0) return false
  if (asked.every((value) => value === 'All')) return true
  throw new StatusError(
    'Invalid',
    `dryRun: Unsupported value: ${JSON.stringify(asked.find((value) => value !== 'All'))}: supported values: "All"`,
  )
}
