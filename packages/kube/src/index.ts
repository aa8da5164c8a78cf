export type * from './client.ts'
export type * from './clock.ts'
export type { ControllerOptions, Outcome, Reconcile } from './controller.ts'
export { objectKey, Permanent, runController, splitKey } from './controller.ts'
export type { JsonPatchOp } from './draft.ts'
export { Draft, valueAt } from './draft.ts'
export type { HandClock } from './hand-clock.ts'
export { handClock } from './hand-clock.ts'
export type { Entry, InformerChange, InformerOptions } from './informer.ts'
export { Informer } from './informer.ts'
export { deepFreeze, equalJson, frozenCopy } from './json-value.ts'
export type { HeldLease, LeaseOptions } from './lease.ts'
export { holdLease } from './lease.ts'
export { isYaml } from './manifest/is-yaml.ts'
export type { ManifestDocument, ManifestProblem, Position } from './manifest/parse-manifests.ts'
export { parseManifests } from './manifest/parse-manifests.ts'
export { parseYaml } from './manifest/parse-yaml.ts'
export { renderProblem } from './manifest/render-problem.ts'
export { yamlDocuments } from './manifest/yaml-documents.ts'
export { applyJsonPatch, applyMergePatch, diffMerge, diffOps, mergeOps } from './patch.ts'
export type { QueueOptions } from './queue.ts'
export { Queue } from './queue.ts'
export type { Resource } from './resource.ts'
export { apiVersionOf, resources } from './resource.ts'
export type { FieldRequirement, LabelMatch, LabelRequirement } from './selector.ts'
export {
  fieldSelector,
  isLabelValue,
  isQualifiedName,
  isSubdomain,
  labelRequirements,
  labelSelector,
  labelValueRule,
} from './selector.ts'
export type * from './status-error.ts'
export { ignore, StatusError } from './status-error.ts'
export { systemClock } from './system-clock.ts'
export type { Condition } from './workload/condition.ts'
export { hasCondition, withCondition } from './workload/condition.ts'
export type { Decided, Effect } from './workload/effect.ts'
export { refOf, statusEffect } from './workload/effect.ts'
export type { LabelSelector } from './workload/match-selector.ts'
export { matchSelector } from './workload/match-selector.ts'
export { claim, controlledBy, controllerOf } from './workload/owning.ts'
export type { PodTemplate } from './workload/pod-facts.ts'
export {
  createdAt,
  isPodActive,
  isPodEnded,
  isPodLeaving,
  isPodReady,
  podAvailableAt,
  podFrom,
} from './workload/pod-facts.ts'
export type { Revised, Revision } from './workload/revisions.ts'
export { oldRevisions, revise, templateIn } from './workload/revisions.ts'
export { scaled } from './workload/scaled.ts'
export { shortHash } from './workload/short-hash.ts'
export type { KeeperOptions, Keeping, Reader } from './workload/start-keeper.ts'
export {
  inNamespaceOf,
  keysWhere,
  ofNobody,
  plainPods,
  startKeeper,
} from './workload/start-keeper.ts'
