import { substitute } from '../expr/tags.ts'
import { parseDuration } from '../spec/duration.ts'
import type { Pod } from '../spec/pod.ts'
import type { PodInput } from './pod-for-input.ts'
import { podMetadata, withPlan } from './pod-for-metadata.ts'
import { patched } from './pod-for-patch.ts'
import { stepPlan } from './pod-for-plan.ts'
import { podSpec } from './pod-for-spec.ts'
import type { Scope } from './scope.ts'

export type { PodInput } from './pod-for-input.ts'
export { archivesLogs, capturesResult, needsExecutor } from './pod-for-result.ts'

export type PodResult =
  | { readonly pod: Pod }
  /** The deadline leaves it no time. */
  | { readonly expired: true }
  | { readonly problem: string }

/** The pod that runs a container or script template. */
export function podFor(input: PodInput): PodResult {
  const seconds = activeSeconds(input)
  if (seconds !== undefined && typeof seconds !== 'number') return seconds
  const planned = stepPlan(input)
  if (planned !== undefined && 'problem' in planned) return planned
  const spec = podSpec(input, seconds)
  if ('problem' in spec) return spec

  // Volumes and metadata of the workflow may still have tags of this pod.
  const metadata = podMetadata(input)
  const made = { metadata, spec: spec.spec, planned: planned?.plan.template }
  const { value: pod, problem } = substitute(made, podScope(input))
  if (problem !== undefined) return { problem }
  const final = patched(pod.spec, input)
  if ('problem' in final) return final
  const plan = planned && { ...planned.plan, template: pod.planned ?? {} }
  return {
    pod: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: plan === undefined ? pod.metadata : withPlan(pod.metadata, plan),
      spec: final.spec,
    },
  }
}

function podScope({ globals, template, podName }: PodInput): Scope {
  const scope = globals.child()
  for (const { name, value } of template.inputs?.parameters ?? []) {
    scope.set(`inputs.parameters.${name}`, value ?? '')
  }
  scope.set('pod.name', podName)
  return scope
}

/** The smallest of the deadlines, in whole seconds from now. */
function activeSeconds(
  input: PodInput,
): number | undefined | { readonly expired: true } | { readonly problem: string } {
  const { template, deadlineAt, now } = input
  const own = template.activeDeadlineSeconds
  const limits: number[] = []
  if (own !== undefined && own !== '') {
    if (!/^[+-]?\d+$/.test(String(own))) {
      return { problem: `value '${own}' cannot be resolved to an int` }
    }
    limits.push(Number(own))
  }
  if (deadlineAt !== undefined) {
    const left = Math.trunc((deadlineAt - now) / 1000)
    if (left <= 0) return { expired: true }
    limits.push(left)
  }
  const timeout = timeoutSeconds(input)
  if (typeof timeout === 'object') return timeout
  if (timeout !== undefined) limits.push(timeout)
  const debugged = template.container?.env?.some(({ name }) => name.startsWith('ARGO_DEBUG_PAUSE_'))
  return limits.length === 0 || debugged ? undefined : Math.min(...limits)
}

function timeoutSeconds({
  template,
  startedAt,
  now,
  nodeName,
}: PodInput): number | undefined | { readonly problem: string } {
  if (!template.timeout) return undefined
  const duration = parseDuration(template.timeout)
  if ('error' in duration) return { problem: duration.error }
  const left = Math.trunc(((startedAt ?? now) + duration.ms - now) / 1000)
  return left <= 1 && left * 1000 < duration.ms
    ? { problem: `${nodeName} exceeded its deadline` }
    : left
}
