import { sprint } from '../expr/go-format.ts'
import { GoTime } from '../expr/go-time/go-time.ts'
import { evaluateGovaluate } from '../expr/govaluate/govaluate.ts'
import { substitute, type Variables } from '../expr/tags.ts'
import { goJson } from '../expr/tags-go-json.ts'
import { parseTime } from '../spec/time.ts'
import { evaluateCondition } from '../workflow/expression.ts'
import type { CronState } from './cron-state.ts'

type Answer = { readonly value: boolean } | { readonly problem: string }

/** Whether no more runs are to be made. argo: checkStopingCondition. */
export function stopCondition(state: CronState): Answer {
  const { stopStrategy } = state.cron.spec
  if (stopStrategy === undefined) return { value: false }
  const answer = evaluateCondition(stopStrategy.expression ?? '', { cronworkflow: valuesOf(state) })
  if ('value' in answer) return answer
  return { problem: `failed to evaluate stop expression: ${answer.problem}` }
}

/** Whether `when` lets a run begin. argo: evalWhen. */
export function whenCondition(state: CronState, now: number): Answer {
  const { when } = state.cron.spec
  if (!when) return { value: true }
  const replaced = substitute(when, variablesOf(state, now), { final: true })
  if (replaced.problem !== undefined) return { problem: replaced.problem }
  // argo: unlike in a step's `when`, words without quotes are no text here.
  const result = evaluateGovaluate(replaced.value)
  if ('error' in result) return { problem: result.error }
  const { value } = result
  if (typeof value === 'boolean') return { value }
  return {
    problem: `Expected boolean evaluation for '${replaced.value}'. Got ${sprint(value)}`,
  }
}

function valuesOf(state: CronState): Record<string, unknown> {
  const { labels = {}, annotations = {}, name = '', namespace = '' } = state.cron.metadata
  const last = parseTime(state.lastScheduledTime ?? '')
  return {
    name,
    namespace,
    labels: { ...labels, json: goJson(labels) },
    // argo: expressionEnv gives the labels for the annotations, too; only the JSON is theirs.
    annotations: { ...labels, json: goJson(annotations) },
    failed: BigInt(state.failed),
    succeeded: BigInt(state.succeeded),
    lastScheduledTime: last === undefined ? null : new GoTime(BigInt(last) * 1_000_000n),
  }
}

function variablesOf(state: CronState, now: number): Variables {
  const values = valuesOf(state)
  const environment = { cronworkflow: values }
  return {
    lookup: (name) => {
      const value = name
        .split('.')
        .reduce<unknown>(
          (at, part) => (at as Record<string, unknown> | undefined)?.[part],
          environment,
        )
      if (value === undefined || value instanceof GoTime) return undefined
      return typeof value === 'object' ? goJson(value) : String(value)
    },
    environment: () => environment,
    impure: { now: () => now, random: () => new Uint8Array(16) },
  }
}
