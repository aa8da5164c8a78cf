import type { PodRef } from '../node/layout.ts'

/** Where a Node's object says which certificate its server shows: it vouches for itself. */
export const certificateAnnotation = 'argosy.dev/node-certificate'

const parts = { exec: 'exec', attach: 'attach', portForward: 'portforward' } as const

/** What is asked of a node: the kubelet's paths, and two of our own for pods that may be gone. */
export type NodeTarget =
  | { readonly type: 'health' }
  /** `/containerLogs/<namespace>/<pod>/<container>` */
  | {
      readonly type: 'log'
      readonly namespace: string
      readonly pod: string
      readonly container: string
    }
  /** `/exec`, `/attach` and `/portForward`, with the pod's uid if the caller knows it. */
  | {
      readonly type: 'stream'
      readonly part: (typeof parts)[keyof typeof parts]
      readonly namespace: string
      readonly pod: string
      readonly uid?: string
      readonly container?: string
    }
  /** `/argosy/logs/<namespace>/<pod>/<uid>[/<container>]`: one log, or which there are. */
  | { readonly type: 'kept'; readonly ref: PodRef; readonly container?: string }

/** Names of objects and containers; files are found by them, so nothing else gets in. */
const plain = /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/i

/** Undefined for what is no path of a node. */
export function nodeTarget(path: string): NodeTarget | undefined {
  const [first = '', ...words] = path.replace(/^\//, '').split('/')
  if (!words.every((word) => plain.test(word))) return undefined
  if (first === 'healthz') return { type: 'health' }
  if (first === 'argosy') return keptTarget(words)
  const [namespace, pod, ...rest] = words
  if (!namespace || !pod) return undefined
  if (first === 'containerLogs') {
    const [container] = rest
    return container ? { type: 'log', namespace, pod, container } : undefined
  }
  if (!Object.hasOwn(parts, first)) return undefined
  const part = parts[first as keyof typeof parts]
  return { type: 'stream', part, namespace, pod, ...streamRest(part, rest) }
}

function streamRest(part: string, rest: readonly string[]) {
  const [one, two] = rest
  if (part === 'portforward') return one ? { uid: one } : {}
  if (two) return { ...(one && { uid: one }), container: two }
  return one ? { container: one } : {}
}

function keptTarget([logs, namespace, name, uid, container]: readonly string[]) {
  if (logs !== 'logs' || !namespace || !name || !uid) return undefined
  const ref = { namespace, name, uid }
  return { type: 'kept', ref, ...(container && { container }) } as const
}

export function keptPath({ namespace, name, uid }: PodRef, container?: string): string {
  const words = [namespace, name, uid, ...(container === undefined ? [] : [container])]
  return `/argosy/logs/${words.map(encodeURIComponent).join('/')}`
}

const names = { exec: 'exec', attach: 'attach', portforward: 'portForward' } as const

export function streamPath(
  part: keyof typeof names,
  { namespace, name, uid }: PodRef,
  container: string | undefined,
): string {
  const words = [namespace, name, uid, ...(container === undefined ? [] : [container])]
  return `/${names[part]}/${words.map(encodeURIComponent).join('/')}`
}

const switches = [
  ['stdin', 'input'],
  ['stdout', 'output'],
  ['stderr', 'error'],
] as const

/** The API's words for the switches of a stream, in the kubelet's. */
export function kubeletQuery(query: URLSearchParams): URLSearchParams {
  return renamed(query, new Map(switches))
}

/** And back. */
export function apiQuery(query: URLSearchParams): URLSearchParams {
  return renamed(query, new Map(switches.map(([ours, theirs]) => [theirs, ours])))
}

function renamed(query: URLSearchParams, names: ReadonlyMap<string, string>): URLSearchParams {
  return new URLSearchParams([...query].map(([name, value]) => [names.get(name) ?? name, value]))
}
