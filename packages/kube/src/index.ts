export type * from './access.ts'
export type * from './client.ts'
export type * from './clock.ts'
export type { ControllerOptions, Outcome, Reconcile } from './controller.ts'
export { objectKey, Permanent, runController, splitKey } from './controller.ts'
export type { JsonPatchOp } from './draft.ts'
export { Draft, valueAt } from './draft.ts'
export { elapsedMs } from './elapsed-ms.ts'
export type { HandClock } from './hand-clock.ts'
export { handClock } from './hand-clock.ts'
export type { Entry, InformerChange, InformerOptions } from './informer.ts'
export { Informer } from './informer.ts'
export { instanceClient, instanceSelector, isOfInstance } from './instance-client.ts'
export { deepFreeze, equalJson, frozenCopy } from './json-value.ts'
export type { HeldLease, LeaseOptions } from './lease.ts'
export { holdLease } from './lease.ts'
export { isYaml } from './manifest/is-yaml.ts'
export type {
  ManifestDocument,
  ManifestProblem,
  Manifests,
  Position,
} from './manifest/parse-manifests.ts'
export { parseManifests } from './manifest/parse-manifests.ts'
export { parseYaml } from './manifest/parse-yaml.ts'
export { renderProblem } from './manifest/render-problem.ts'
export { yamlDocuments } from './manifest/yaml-documents.ts'
export { Histogram } from './metrics/histogram.ts'
export type { Family, Label } from './metrics/metric-text.ts'
export { escaped, familyText, labelText, number } from './metrics/metric-text.ts'
export type { QueueMeter } from './metrics/queue-meters.ts'
export { QueueMeters } from './metrics/queue-meters.ts'
export { RequestCounts } from './metrics/request-counts.ts'
export { applyJsonPatch, applyMergePatch, diffMerge, diffOps, mergeOps } from './patch.ts'
export type { PatienceOptions } from './patient-client.ts'
export { Patience, patientClient } from './patient-client.ts'
export type { QueueOptions } from './queue.ts'
export { Queue } from './queue.ts'
export { randomHex, randomUuid } from './random-id.ts'
export type { Resource } from './resource.ts'
export { apiVersionOf, clientSigner, resources } from './resource.ts'
export type { LabelMatch, LabelRequirement } from './selector.ts'
export {
  fieldSelector,
  isLabelValue,
  isQualifiedName,
  isSubdomain,
  labelRequirements,
  labelSelector,
  labelValueRule,
} from './selector.ts'
export type { FindHost } from './services/find-host.ts'
export { findHost } from './services/find-host.ts'
export { lookupsIn, lookupThrough } from './services/lookup-through.ts'
export type {
  EndpointsFacts,
  NamedService,
  ServiceFacts,
  SliceFacts,
} from './services/service-addresses.ts'
export { forwardedCondition, serviceAddresses } from './services/service-addresses.ts'
export { serviceCandidates } from './services/service-candidates.ts'
export type * from './status-error.ts'
export { ignore, StatusError } from './status-error.ts'
export { systemClock } from './system-clock.ts'
