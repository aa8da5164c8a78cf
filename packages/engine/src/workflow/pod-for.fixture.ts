import type { Pod } from '../spec/pod.ts'
import type { Template } from '../spec/workflow.ts'
import { type PodInput, podFor } from './pod-for.ts'
import { Scope } from './scope.ts'

/** 2026-01-01T00:00:00Z. */
export const now = 1_767_225_600_000
export const plain: Template = { container: { name: '', image: 'alpine', command: ['true'] } }

/** A pod for a template of a workflow with nothing else in it; throws when there can be none. */
export function podOf(template: Template, more: Partial<PodInput> = {}): Pod {
  const result = build(template, more)
  if (!('pod' in result)) throw new Error(JSON.stringify(result))
  return result.pod
}

/** The same, or the problem. */
export function build(template: Template, more: Partial<PodInput> = {}): ReturnType<typeof podFor> {
  return podFor({
    workflow: {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: {} },
      metadata: { name: 'wf', namespace: 'ns', uid: 'u-1' },
    },
    spec: {},
    template: { name: 't', ...template },
    globals: new Scope(),
    nodeId: 'wf-1',
    nodeName: 'wf[0].a',
    podName: 'wf-t-1',
    includeResult: false,
    now,
    onExit: false,
    ...more,
  })
}
