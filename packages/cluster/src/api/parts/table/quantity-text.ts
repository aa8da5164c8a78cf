import { formatQuantity, parseQuantity } from '@argosy/engine'
import { textAt } from './at.ts'

/** The quantity at a path in its canonical form; one that is not there is '0'. */
export function quantityAt(from: unknown, ...path: readonly string[]): string {
  const text = textAt(from, ...path)
  const quantity = parseQuantity(text === '' ? '0' : text)
  return 'error' in quantity ? text : formatQuantity(quantity)
}
