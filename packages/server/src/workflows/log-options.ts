import { compileRegexp } from '@argosy/engine'
import { invalid } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { flagIn, timeIn, wholeIn } from '../http/query.ts'
import type { PodLogQuery } from './pod-logs.ts'
import { type LinePattern, linePattern } from './search/grep-lines.ts'

/** What of the logs is wanted, and how. */
export interface LogOptions {
  readonly follow: boolean
  readonly timestamps: boolean
  /** Pods that ended before are left out: lines carry no time of their own. */
  readonly since: number | undefined
  readonly podName: string
  readonly selector: string
  /** Ours: also of attempts before the last, and of pods of the same name that came before. */
  readonly allAttempts: boolean
  /** Ours: `logOptions.container=*`; entries say of which container they are. */
  readonly allContainers: boolean
  /** Which of a pod's containers are wanted. */
  among(containers: readonly string[], initContainers: readonly string[]): readonly string[]
  /** What wanted lines match; without it all are wanted. */
  readonly pattern: LinePattern | undefined
  queryOf(place: Pick<PodLogQuery, 'ref' | 'container' | 'attempt'>): PodLogQuery
}

export function logOptionsIn(
  { query, params }: Call,
  now: number,
  group: 'logOptions' | 'podLogOptions' = 'logOptions',
): LogOptions {
  const flag = (name: string) => flagIn(query, `${group}.${name}`)
  const [tailLines, limitBytes] = ['tailLines', 'limitBytes'].map((name) =>
    wholeIn(query, `${group}.${name}`),
  )
  const container = query.get(`${group}.container`) ?? ''
  const pattern = patternIn(query.get('grep') ?? '')
  const follow = flag('follow')
  return {
    follow,
    timestamps: flag('timestamps'),
    since: sinceIn(query, group, now),
    podName: params['podName'] ?? query.get('podName') ?? '',
    selector: query.get('selector') ?? '',
    allAttempts: flag('allAttempts'),
    allContainers: container === '*',
    among: (containers, initContainers) => {
      if (container === '*') return [...initContainers, ...containers]
      return [container || mainOf(containers)]
    },
    pattern,
    queryOf: (place) => ({
      ...place,
      follow,
      previous: flag('previous'),
      ...(tailLines !== undefined && { tailLines }),
      ...(limitBytes !== undefined && { limitBytes }),
    }),
  }
}

function sinceIn(query: URLSearchParams, group: string, now: number): number | undefined {
  const seconds = wholeIn(query, `${group}.sinceSeconds`)
  if (seconds !== undefined) return now - seconds * 1000
  // A generated client sends the time as its protobuf message.
  const epoch = wholeIn(query, `${group}.sinceTime.seconds`)
  if (epoch !== undefined) return epoch * 1000
  return timeIn(query.get(`${group}.sinceTime`) ?? '', `${group}.sinceTime`)
}

function patternIn(text: string): LinePattern | undefined {
  if (text === '') return undefined
  const compiled = compileRegexp(text)
  if (!('error' in compiled)) return linePattern(text, compiled)
  throw invalid(`grep: failed to compile ${JSON.stringify(text)}: ${compiled.error}`)
}

function mainOf(containers: readonly string[]): string {
  return containers.includes('main') ? 'main' : (containers[0] ?? 'main')
}
