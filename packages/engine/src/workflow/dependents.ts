import { isObject, type JsonObject } from '../spec/json.ts'
import type { KubeObject, ObjectMeta, OwnerReference } from '../spec/meta.ts'
import type { Volume } from '../spec/pod.ts'
import type { WorkflowPhase } from '../spec/status.ts'
import type { Workflow, WorkflowSpec } from '../spec/workflow.ts'

/** An object beside the pods that lives with a workflow: a claim for a volume, a disruption budget. */
export interface Dependent extends KubeObject {
  readonly spec: JsonObject
}

export type DependentRef = Pick<KubeObject, 'apiVersion' | 'kind'> & { readonly name: string }

const workflowLabel = 'workflows.argoproj.io/workflow'

export interface Claims {
  readonly objects: readonly Dependent[]
  /** How pods refer to them: what `status.persistentVolumeClaims` holds. */
  readonly volumes: readonly Volume[]
}

/** The claims that a workflow makes at its start. argo: createPVCs. */
export function claimsOf(
  workflow: Workflow,
  { volumeClaimTemplates = [] }: WorkflowSpec,
): Claims | { readonly problem: string } {
  const objects: Dependent[] = []
  const volumes: Volume[] = []
  for (const [index, template] of volumeClaimTemplates.entries()) {
    const metadata = (isObject(template['metadata']) ? template['metadata'] : {}) as ObjectMeta
    if (!metadata.name) {
      return { problem: `volumeClaimTemplates[${index}].metadata.name is required` }
    }
    const claimName = `${workflow.metadata.name ?? ''}-${metadata.name}`
    objects.push({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: ownedBy(workflow, { ...metadata, name: claimName }),
      spec: isObject(template['spec']) ? template['spec'] : {},
    })
    volumes.push({ name: metadata.name, persistentVolumeClaim: { claimName } })
  }
  return { objects, volumes }
}

/** argo: createPDBResource. */
export function budgetOf(
  workflow: Workflow,
  { podDisruptionBudget }: WorkflowSpec,
): Dependent | undefined {
  if (!isObject(podDisruptionBudget)) return undefined
  const { name = '' } = workflow.metadata
  const selector = { matchLabels: { [workflowLabel]: name } }
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: ownedBy(workflow, { name }),
    spec: { selector, ...podDisruptionBudget },
  }
}

export function refOf({ apiVersion, kind, metadata }: Dependent): DependentRef {
  return { apiVersion, kind, name: metadata.name ?? '' }
}

function ownedBy(workflow: Workflow, metadata: ObjectMeta): ObjectMeta {
  const { namespace, name = '' } = workflow.metadata
  return {
    ...metadata,
    ...(namespace !== undefined && { namespace }),
    labels: { ...metadata.labels, [workflowLabel]: name },
    ownerReferences: [ownerOf(workflow)],
  }
}

/** What makes an object go with its workflow. */
export function ownerOf({ apiVersion, kind, metadata }: Workflow): OwnerReference {
  return {
    apiVersion,
    kind,
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** The claims of a workflow that has ended which go now. argo: deletePVCs. */
export function claimsToRemove(
  { volumeClaimGC }: WorkflowSpec,
  phase: WorkflowPhase,
  volumes: readonly Volume[],
): readonly DependentRef[] {
  const strategy = String(isObject(volumeClaimGC) ? (volumeClaimGC['strategy'] ?? '') : '')
  // argo: by default only success removes them, so that a workflow that is retried finds them again.
  const onSuccess = strategy === '' || strategy === 'OnWorkflowSuccess'
  const goes = strategy === 'OnWorkflowCompletion' || (onSuccess && phase === 'Succeeded')
  if (!goes) return []
  return volumes.map(({ persistentVolumeClaim }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    name: persistentVolumeClaim?.claimName ?? '',
  }))
}
