import { compileRegexp, type GoRegexp, matches, type Pod } from '@argosy/engine'
import { invalid } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { flagIn, timeIn, wholeIn } from '../http/query.ts'
import type { PodLogQuery } from './pod-logs.ts'

/** What of the logs is wanted, and how. */
export interface LogOptions {
  readonly follow: boolean
  readonly timestamps: boolean
  /** Pods that ended before are left out: lines carry no time of their own. */
  readonly since: number | undefined
  readonly podName: string
  readonly selector: string
  /** Whether a line is wanted. */
  wants(line: string): boolean
  queryOf(pod: Pod): PodLogQuery
}

export function logOptionsIn({ query, params }: Call, now: number): LogOptions {
  const flag = (name: string) => flagIn(query, `logOptions.${name}`)
  const [tailLines, limitBytes] = ['tailLines', 'limitBytes'].map((name) =>
    wholeIn(query, `logOptions.${name}`),
  )
  const container = query.get('logOptions.container') ?? ''
  const regexp = regexpIn(query.get('grep') ?? '')
  const follow = flag('follow')
  return {
    follow,
    timestamps: flag('timestamps'),
    since: sinceIn(query, now),
    podName: params['podName'] ?? query.get('podName') ?? '',
    selector: query.get('selector') ?? '',
    wants: (line) => regexp === undefined || matches(regexp, line),
    queryOf: (pod) => ({
      ref: refOf(pod),
      container: container || containerOf(pod),
      follow,
      previous: flag('previous'),
      ...(tailLines !== undefined && { tailLines }),
      ...(limitBytes !== undefined && { limitBytes }),
    }),
  }
}

function sinceIn(query: URLSearchParams, now: number): number | undefined {
  const seconds = wholeIn(query, 'logOptions.sinceSeconds')
  if (seconds !== undefined) return now - seconds * 1000
  return timeIn(query.get('logOptions.sinceTime') ?? '', 'logOptions.sinceTime')
}

function regexpIn(text: string): GoRegexp | undefined {
  if (text === '') return undefined
  const compiled = compileRegexp(text)
  if (!('error' in compiled)) return compiled
  throw invalid(`grep: failed to compile ${JSON.stringify(text)}: ${compiled.error}`)
}

function refOf({ metadata }: Pod): PodLogQuery['ref'] {
  const { namespace = '', name = '', uid = '' } = metadata
  return { namespace, name, uid }
}

function containerOf({ spec }: Pod): string {
  const names = spec.containers.map(({ name }) => name)
  return names.includes('main') ? 'main' : (names[0] ?? 'main')
}
