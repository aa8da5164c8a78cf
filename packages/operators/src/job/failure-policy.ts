import type { Pod } from '@argosy/engine'
import type { FailureRule, Job } from './job.ts'

export interface Verdict {
  readonly action: string
  readonly message: string
}

/** What the first rule of a job's podFailurePolicy that fits a failed pod makes of it. */
export function failureVerdict({ spec }: Job, pod: Pod): Verdict | undefined {
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const why = fits(rule, pod)
    if (why === undefined) continue
    const { namespace, name } = pod.metadata
    const message = `${why(`pod ${namespace}/${name}`)} matching ${rule.action} rule at index ${index}`
    return { action: rule.action, message }
  }
  return undefined
}

type Why = (pod: string) => string

function fits(rule: FailureRule, pod: Pod): Why | undefined {
  if (rule.onExitCodes) return exitFits(rule.onExitCodes, pod)
  const { conditions = [] } = pod.status ?? {}
  const hit = rule.onPodConditions?.find(({ type, status = 'True' }) =>
    conditions.some((one) => one.type === type && one.status === status),
  )
  return hit && ((text) => `${text.replace('p', 'P')} has condition ${hit.type}`)
}

type ExitRule = NonNullable<FailureRule['onExitCodes']>

function exitFits(rule: ExitRule, { status }: Pod): Why | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  const exits = all.map(({ name, state }) => ({ name, code: state?.terminated?.exitCode ?? 0 }))
  const hit = exits.find(
    ({ name, code }) =>
      code !== 0 &&
      (rule.containerName ?? name) === name &&
      rule.values.includes(code) === (rule.operator === 'In'),
  )
  return hit && ((pod) => `Container ${hit.name} for ${pod} failed with exit code ${hit.code}`)
}
