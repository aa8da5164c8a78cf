import type { Template } from '../spec/workflow.ts'
import { DagBody } from './dag-body.ts'
import type { Body, Host } from './host.ts'
import { isTask } from './observe-task.ts'
import { PodBody } from './pod-body.ts'
import { StepsBody } from './steps-body.ts'
import { SuspendBody } from './suspend-body.ts'

/** argo: an empty list of groups is left out when the template is written out, and then there is nothing. */
export function hasSteps({ steps }: Template): boolean {
  return steps !== undefined && steps.length > 0
}

/** The body for the template's type; undefined when it has none that the engine runs. */
export function bodyFor(host: Host): Body | undefined {
  const { template } = host
  if (template.container !== undefined) return new PodBody(host)
  if (template.containerSet !== undefined) return new PodBody(host)
  if (hasSteps(template)) return new StepsBody(host)
  if (template.script !== undefined) return new PodBody(host)
  if (template.dag !== undefined) return new DagBody(host)
  if (template.resource !== undefined) return new PodBody(host)
  if (template.data !== undefined) return new PodBody(host)
  if (template.suspend !== undefined) return new SuspendBody(host)
  if (isTask(template)) return new PodBody(host)
  return undefined
}
