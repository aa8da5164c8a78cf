import { jsonMistake } from '../../expr/go-json-mistake.ts'
import { parseDuration } from '../../spec/duration.ts'
import { isObject } from '../../spec/json.ts'
import { formatTime, parseTime } from '../../spec/time.ts'
import type { Outputs } from '../../spec/workflow.ts'

/** A ConfigMap in which outputs are kept, as far as anybody has seen it. */
export interface CacheMap {
  readonly data?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
}

/** What a key was found to stand for. */
export type Found =
  | { readonly kind: 'problem'; readonly problem: string }
  /** There is no entry. */
  | { readonly kind: 'none' }
  /** `text` is the entry with the time of this look at it: upstream writes that back, also when it is too old. */
  | {
      readonly kind: 'entry'
      readonly hit: boolean
      readonly outputs: Outputs | undefined
      readonly text: string
    }

interface Entry {
  readonly nodeID?: string
  readonly outputs?: Outputs | null
  readonly creationTimestamp?: string | null
}

const typeLabel = 'workflows.argoproj.io/configmap-type'
const wellFormed = /^[a-zA-Z0-9][-a-zA-Z0-9]*$/
/** Kubernetes takes no larger ConfigMap. */
const maxBytes = 1_048_576

/** Why nothing can be kept under this key in this ConfigMap. argo: configMapCache.validateConfigmap. */
function refusal(map: CacheMap | undefined, key: string): string | undefined {
  if (!wellFormed.test(key)) return `invalid cache key: ${key}`
  if (map === undefined) return undefined
  const type = map.labels?.[typeLabel]
  if (type === undefined) {
    return `memoization configmap doesn't have ${typeLabel} label, refusing to use it`
  }
  if (type !== 'Cache') {
    return `memoization configmap doesn't have label ${typeLabel} = Cache, refusing to use it`
  }
  return undefined
}

/** Looks a key up. argo: configMapCache.load with GetOutputsWithMaxAge. */
export function findEntry(
  map: CacheMap | undefined,
  { key, maxAge = '' }: { readonly key: string; readonly maxAge?: string },
  now: number,
): Found {
  const problem = refusal(map, key)
  if (problem !== undefined) return { kind: 'problem', problem }
  const raw = textUnder(map, key)
  const entry = raw === '' ? undefined : parsed(raw)
  if (entry !== undefined && 'problem' in entry) return { kind: 'problem', problem: entry.problem }
  const limit = maxAge === '' ? undefined : parseDuration(maxAge)
  if (limit !== undefined && 'error' in limit) {
    return { kind: 'problem', problem: `invalid maxAge: ${limit.error}` }
  }
  return entry === undefined ? { kind: 'none' } : judged(entry.value, limit?.ms, now)
}

/** A key may have the name of something that all objects have. */
function textUnder(map: CacheMap | undefined, key: string): string {
  return map?.data !== undefined && Object.hasOwn(map.data, key) ? (map.data[key] ?? '') : ''
}

function judged(entry: Entry, maxAgeMs: number | undefined, now: number): Found {
  const { nodeID = '', outputs, creationTimestamp } = entry
  const age = now - (parseTime(creationTimestamp ?? '') ?? Number.NEGATIVE_INFINITY)
  const hit = nodeID !== '' && (maxAgeMs === undefined || age <= maxAgeMs)
  const text = JSON.stringify({ ...entry, lastHitTimestamp: formatTime(now) })
  return { kind: 'entry', hit, outputs: outputs ?? undefined, text }
}

function parsed(raw: string): { readonly value: Entry } | { readonly problem: string } {
  const failed = 'malformed cache entry: could not unmarshal JSON; unable to parse: '
  try {
    const value: unknown = JSON.parse(raw)
    if (isObject(value)) return { value: value as Entry }
    return {
      problem: `${failed}json: cannot unmarshal ${kindOf(value)} into Go value of type cache.Entry`,
    }
  } catch {
    return { problem: `${failed}${jsonMistake(raw)}` }
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** The entry of a node that has succeeded, or why it cannot be kept. argo: configMapCache.save. */
export function newEntry(
  map: CacheMap | undefined,
  name: string,
  entry: {
    readonly key: string
    readonly nodeID: string
    readonly outputs: Outputs | undefined
    readonly now: number
    /** How large the ConfigMap is, where that is known. */
    readonly bytes?: number
  },
): { readonly text: string } | { readonly problem: string } {
  const { key, nodeID, outputs = null, now, bytes = sizeOf(map) } = entry
  const problem = refusal(map, key)
  if (problem !== undefined) return { problem }
  const at = formatTime(now)
  const text = JSON.stringify({ nodeID, outputs, creationTimestamp: at, lastHitTimestamp: at })
  const before = textUnder(map, key)
  const size = bytes - (before === '' ? 0 : sizeOfEntry(key, before)) + sizeOfEntry(key, text)
  if (size <= maxBytes) return { text }
  const cause = `ConfigMap "${name}" is invalid: []: Too long: may not be more than ${maxBytes} bytes`
  const help = 'https://argo-workflows.readthedocs.io/en/latest/memoization/#faqs'
  return {
    problem: `error creating cache entry: ${cause}. Please check out this page for help: ${help}`,
  }
}

/** What a ConfigMap counts as, in bytes. */
export function sizeOf(map: CacheMap | undefined): number {
  const entries = Object.entries(map?.data ?? {})
  return entries.reduce((sum, [key, text]) => sum + sizeOfEntry(key, text), 0)
}

export function sizeOfEntry(key: string, text: string): number {
  return key.length + new TextEncoder().encode(text).length
}
