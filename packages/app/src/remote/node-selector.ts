import { type FieldSelector, parseFieldSelector } from '@argosy/engine'
import { UsageError } from '../shell/usage-error.ts'

/** Which nodes are shown: by upstream's `--node-field-selector`, or `--status`, which is short for one. */
export function nodeSelector(
  text: string | undefined,
  status: string | undefined,
): FieldSelector | undefined {
  if (text && status) throw new UsageError('cannot use both --status and --node-field-selector')
  const wanted = status ? `phase=${status}` : text
  if (!wanted) return undefined
  const parsed = parseFieldSelector(wanted)
  if ('refused' in parsed) throw new UsageError(`--node-field-selector: ${parsed.refused}`)
  return parsed.matches
}
