import type { ObjectMeta } from '../spec/meta.ts'
import type { StepPlan } from '../spec/status.ts'
import type { Template } from '../spec/workflow.ts'
import { membersOf } from './container-set.ts'
import { ownerOf } from './dependents.ts'
import { podGcAnnotation, podGcOf } from './garbage.ts'
import type { PodInput } from './pod-for-input.ts'

const prefix = 'workflows.argoproj.io'

/** The pod's name, its links to workflow and node, and what user and template add. */
export function podMetadata(input: PodInput): ObjectMeta {
  const { workflow, spec, template, podName, nodeId, nodeName } = input
  const { name: workflowName = '', namespace, labels: own } = workflow.metadata
  // Whoever makes this pod has been given the workflow by this label.
  const instanceId = own?.[`${prefix}/controller-instanceid`]
  const labels = {
    [`${prefix}/workflow`]: workflowName,
    [`${prefix}/completed`]: 'false',
    ...(input.onExit && { [`${prefix}/on-exit`]: 'true' }),
    ...(instanceId && { [`${prefix}/controller-instanceid`]: instanceId }),
    ...spec.podMetadata?.labels,
    ...template.metadata?.labels,
  }
  const podGc = podGcOf(spec, labels)
  return {
    name: podName,
    ...(namespace !== undefined && { namespace }),
    labels,
    annotations: {
      [`${prefix}/node-id`]: nodeId,
      [`${prefix}/node-name`]: nodeName,
      'kubectl.kubernetes.io/default-container': defaultContainer(template),
      ...(podGc !== undefined && { [podGcAnnotation]: podGc }),
      ...spec.podMetadata?.annotations,
      ...template.metadata?.annotations,
    },
    ownerReferences: [ownerOf(workflow)],
  }
}

function defaultContainer(template: Template): string {
  const names = membersOf(template).map(({ name }) => name)
  return names.includes('main') ? 'main' : (names.at(-1) ?? 'main')
}

/** What the executor has to do travels with the pod. */
export function withPlan(metadata: ObjectMeta, plan: StepPlan): ObjectMeta {
  const annotations = { ...metadata.annotations, [`${prefix}/template`]: JSON.stringify(plan) }
  return { ...metadata, annotations }
}
