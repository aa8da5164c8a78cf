/** What controllers of Kubernetes' own kinds share. Apart, so that a single run does not load it. */
export type { Condition } from './workload/condition.ts'
export { hasCondition, withCondition } from './workload/condition.ts'
export type { Decided, Effect } from './workload/effect.ts'
export { refOf, removal, statusEffect } from './workload/effect.ts'
export type { LabelSelector } from './workload/match-selector.ts'
export { matchSelector } from './workload/match-selector.ts'
export { claim, controlledBy, controllerOf } from './workload/owning.ts'
export type { Availability, PodTemplate } from './workload/pod-facts.ts'
export {
  availability,
  createdAt,
  isPodActive,
  isPodEnded,
  isPodLeaving,
  isPodReady,
  podAvailableAt,
  podFrom,
  unnamedPodFrom,
} from './workload/pod-facts.ts'
export type { Revised, Revision } from './workload/revisions.ts'
export { oldRevisions, revise, revisionLabel, templateIn } from './workload/revisions.ts'
export { scaled } from './workload/scaled.ts'
export { shortHash } from './workload/short-hash.ts'
export type { Beside, KeeperOptions, Keeping, Kept, Reader } from './workload/start-keeper.ts'
export {
  inNamespaceOf,
  keysWhere,
  ofNobody,
  plainPods,
  startKeeper,
} from './workload/start-keeper.ts'
export type { PodKeeping } from './workload/start-pod-keeper.ts'
export {
  plainPodsOf,
  revisionsOf,
  startPodKeeper,
  withClaims,
} from './workload/start-pod-keeper.ts'
