import { isObject, type JsonObject, type KubeObject, type Pod } from '@argosy/engine'

/** What keeps pods off a node that do not tolerate it. */
export interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

/** Which pods a node wants at all. */
export interface Standing {
  /** `kubectl cordon`. */
  readonly isCordoned: boolean
  readonly taints: readonly Taint[]
}

type Tolerations = Pod['spec']['tolerations']

export function standingOf(node: KubeObject & { readonly spec?: object }): Standing {
  const { unschedulable, taints } = (node.spec ?? {}) as JsonObject
  return {
    isCordoned: unschedulable === true,
    taints: Array.isArray(taints) ? (taints.filter(isObject) as unknown as readonly Taint[]) : [],
  }
}

export function isTolerated(taint: Taint, tolerations: Tolerations = []): boolean {
  return tolerations.some((one) => tolerates(one, taint))
}

const cordon: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** Why a node that stands so takes no pod with these tolerations, in kube-scheduler's words. */
export function turnedAway(tolerations: Tolerations, standing: Standing): string | undefined {
  if (standing.isCordoned && !isTolerated(cordon, tolerations)) return 'node(s) were unschedulable'
  const taint = standing.taints.find(
    (one) => one.effect !== 'PreferNoSchedule' && !isTolerated(one, tolerations),
  )
  return taint && `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`
}

/** How long a pod may stay where these taints are: for ever, not at all (0), or so many seconds. */
export function staySeconds(taints: readonly Taint[], tolerations: Tolerations = []): number {
  const bad = taints.filter(({ effect }) => effect === 'NoExecute')
  if (bad.some((taint) => !isTolerated(taint, tolerations))) return 0
  const used = tolerations.filter((one) => bad.some((taint) => tolerates(one, taint)))
  const limits = used.flatMap(({ tolerationSeconds: seconds }) =>
    typeof seconds === 'number' ? [Math.max(0, seconds)] : [],
  )
  return Math.min(Number.POSITIVE_INFINITY, ...limits)
}

/** An empty key tolerates every one, an empty effect every effect. */
function tolerates({ key, operator, value, effect }: JsonObject, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  if (operator === 'Exists') return true
  return (
    Boolean(key) && (!operator || operator === 'Equal') && (value ?? '') === (taint.value ?? '')
  )
}
