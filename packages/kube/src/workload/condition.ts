import { formatTime } from '@argosy/engine'

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
  readonly lastUpdateTime?: string
  readonly lastProbeTime?: string
}

/** The conditions with one that is new, or changed; nothing changes when its status, reason and message stay. */
export function withCondition(
  conditions: readonly Condition[],
  wanted: Condition,
  now: number,
  alsoAt: 'lastProbeTime' | 'lastUpdateTime' | undefined = undefined,
): readonly Condition[] {
  const before = conditions.find(({ type }) => type === wanted.type)
  const isSame =
    before?.status === wanted.status &&
    before.reason === wanted.reason &&
    before.message === wanted.message
  if (isSame) return conditions
  const at = formatTime(now)
  const since = before?.status === wanted.status ? before.lastTransitionTime : undefined
  const next = { ...wanted, lastTransitionTime: since ?? at, ...(alsoAt && { [alsoAt]: at }) }
  if (!before) return [...conditions, next]
  return conditions.map((one) => (one === before ? next : one))
}

export function hasCondition(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((one) => one.type === type && one.status === 'True') ?? false
}
