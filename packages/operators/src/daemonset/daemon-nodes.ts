import type { Pod, PodSpec } from '@argosy/engine'
import {
  isTolerated,
  type NodeFacts,
  type Standing,
  type Taint,
  wantsNode,
} from '@argosy/kube/placement'

/** A node, as far as daemons go. */
export interface DaemonNode extends NodeFacts {
  readonly standing: Standing
}

/** Whether daemons of a template are to run on a node, and whether those that run there may stay. */
export interface Welcome {
  readonly comes: boolean
  readonly stays: boolean
}

type Toleration = NonNullable<PodSpec['tolerations']>[number]

/** A machine that takes no new pods, or is in want, keeps its daemons. */
const ownTolerations: readonly Toleration[] = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
].map(([name, effect]) => ({
  ...{ key: `node.kubernetes.io/${name}`, operator: 'Exists' },
  effect: effect ?? '',
}))

const field = 'metadata.name'

export function welcomeAt(template: PodSpec, node: DaemonNode): Welcome {
  const isAsked = !template.nodeName || template.nodeName === node.name
  if (!isAsked || !wantsNode(template, node)) return { comes: false, stays: false }
  const tolerations = [...(template.tolerations ?? []), ...ownTolerations]
  const bad = node.standing.taints.filter((taint: Taint) => !isTolerated(taint, tolerations))
  const stays = bad.every(({ effect }) => effect !== 'NoExecute')
  return { stays, comes: stays && bad.every(({ effect }) => effect !== 'NoSchedule') }
}

/** The pod's spec for one node: it is for that one, and its scheduler may say why it does not fit there. */
export function specAt(template: PodSpec, name: string): PodSpec {
  const own = { matchFields: [{ key: field, operator: 'In', values: [name] }] }
  const required = { nodeSelectorTerms: [own] }
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: required }
  return {
    ...template,
    affinity: { ...template.affinity, nodeAffinity },
    tolerations: [...(template.tolerations ?? []), ...ownTolerations],
  }
}

interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: {
    readonly nodeSelectorTerms?: readonly {
      readonly matchFields?: readonly {
        readonly key?: string
        readonly values?: readonly string[]
      }[]
    }[]
  }
}

/** The node that a daemon is on, or made for. */
export function nodeOf({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName
  const affinity = spec.affinity?.['nodeAffinity'] as NodeAffinity | undefined
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return terms?.[0]?.matchFields?.find(({ key }) => key === field)?.values?.[0]
}
