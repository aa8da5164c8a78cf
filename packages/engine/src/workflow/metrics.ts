import { substitute } from '../expr/tags.ts'
import type { NodeStatus } from '../spec/status.ts'
import { parseTime } from '../spec/time.ts'
import type { MetricsSpec, Prometheus } from '../spec/workflow.ts'
import type { Scope } from './scope.ts'
import { evaluated } from './when.ts'

type MetricType = 'gauge' | 'counter' | 'histogram'

/** One change of one custom metric. */
export interface MetricEffect {
  /** Without the prefix under which it is published. */
  readonly name: string
  readonly help: string
  readonly type: MetricType
  readonly labels: readonly { readonly key: string; readonly value: string }[]
  readonly value:
    | number
    /** Seconds that pass (milliseconds since 1970); with `until` they have passed. */
    | { readonly since: number; readonly until?: number }
  readonly operation?: 'Set' | 'Add' | 'Sub'
  readonly buckets?: readonly number[]
}

export interface MetricScope {
  readonly scope: Scope
  /** What a gauge in real time may show, by variable. */
  readonly realtime: Readonly<Record<string, { readonly since: number; readonly until?: number }>>
}

export interface Measured {
  readonly effects: readonly MetricEffect[]
  /** What is wrong with some of them; the others count. */
  readonly problems: readonly string[]
}

/** What the metrics of a template or workflow say now. argo: computeMetrics. */
export function measure(
  metrics: MetricsSpec | undefined,
  around: MetricScope,
  { realtimeOnly = false }: { readonly realtimeOnly?: boolean } = {},
): Measured {
  const effects: MetricEffect[] = []
  const problems: string[] = []
  for (const metric of metrics?.prometheus ?? []) {
    if (realtimeOnly && metric.gauge?.realtime !== true) continue
    const one = effectOf(metric, around)
    if (one === undefined) continue
    if ('problem' in one) problems.push(one.problem)
    else effects.push(one)
  }
  return { effects, problems }
}

type Problem = { readonly problem: string }

/** Undefined when its `when` says no. */
function effectOf(metric: Prometheus, around: MetricScope): MetricEffect | Problem | undefined {
  const told = outside(metric, around.scope)
  if (told === undefined || 'problem' in told) return told
  const { gauge, histogram, counter } = metric
  const value = gauge?.realtime
    ? realtimeValue(gauge.value, around)
    : plainValue((gauge ?? histogram ?? counter)?.value ?? '', told.name, around.scope)
  if (typeof value === 'object' && 'problem' in value) return value
  return {
    ...told,
    value,
    ...(gauge?.operation && { operation: gauge.operation }),
    ...(histogram && { buckets: (histogram.buckets ?? []).map(Number) }),
  }
}

/** All but the value. */
function outside(
  { gauge, histogram, counter, ...metric }: Prometheus,
  scope: Scope,
): Omit<MetricEffect, 'value'> | Problem | undefined {
  if (!metric.help) {
    return { problem: `metric '${metric.name}' must contain a help string under 'help: ' field` }
  }
  const { value, problem } = substitute(metric, scope, {})
  if (problem !== undefined) {
    return { problem: `unable to substitute parameters for metric '${metric.name}': ${problem}` }
  }
  const decided = evaluated(value.when)
  if ('problem' in decided) {
    const workflow = scope.lookup('workflow.name') ?? ''
    return {
      problem: `unable to compute 'when' clause for metric '${workflow}': ${decided.problem}`,
    }
  }
  if (!decided.run) return undefined
  const { name, help = '', labels = [] } = value
  const type = typeOf({ gauge, histogram, counter })
  const why = isMetricName(name) ? 'invalid metric spec' : invalidName
  if (type === undefined || why === invalidName) {
    return { problem: `could not construct metric '${name}': ${why}` }
  }
  return { name, help, type, labels }
}

function typeOf(bodies: Readonly<Record<MetricType, object | undefined>>): MetricType | undefined {
  return (['gauge', 'histogram', 'counter'] as const).find((type) => bodies[type] !== undefined)
}

const isMetricName = (name: string) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)

const invalidName = "metric name is invalid: names may only contain alphanumeric characters or '_'"

function realtimeValue(text: string, { realtime }: MetricScope) {
  if (!text.startsWith('{{') || !text.endsWith('}}')) {
    return { problem: 'real time metrics can only be used with metric variables' }
  }
  const variable = text.slice(2, -2).trim()
  const value = Object.hasOwn(realtime, variable) ? realtime[variable] : undefined
  return value ?? { problem: `'${variable}' is not available as a real time metric` }
}

function plainValue(text: string, name: string, scope: Scope): number | Problem {
  const { value, problem } = substitute(text, scope, {})
  if (problem !== undefined) {
    return { problem: `unable to substitute parameters for metric '${name}': ${problem}` }
  }
  const number = goFloat(value)
  if (number !== undefined) return number
  const why = `strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`
  return { problem: `could not construct metric '${name}': ${why}` }
}

function goFloat(text: string): number | undefined {
  if (/^[+-]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^nan$/i.test(text)) return Number.NaN
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

/** What the metrics of a workflow see while no node of it is meant. argo: prepareDefaultMetricScope. */
export function workflowMetricScope(globals: Scope, since: number, until?: number): MetricScope {
  const scope = globals.child()
  scope.set('duration', '0')
  scope.set('status', 'Pending')
  scope.set('resourcesDuration.cpu', '0')
  scope.set('resourcesDuration.memory', '0')
  const span = { since, ...(until !== undefined && { until }) }
  return { scope, realtime: { 'workflow.duration': span } }
}

/** The same of one node, over what its workflow has. argo: prepareMetricScope. */
export function nodeMetricScope(
  base: MetricScope,
  node: Omit<NodeStatus, 'children'> & { readonly children?: readonly string[] },
  now: number,
): MetricScope {
  const { scope } = base
  const since = parseTime(node.startedAt ?? '') ?? now
  const until = parseTime(node.finishedAt ?? '')
  scope.set('duration', (((until ?? now) - since) / 1000).toFixed(6))
  if (node.phase !== undefined) scope.set('status', node.phase)
  const children = node.children?.length ?? 0
  if (children > 0) scope.set('retries', String(children - 1))
  setGiven(scope, node)
  const duration = { since, ...(until !== undefined && { until }) }
  return { scope, realtime: { ...base.realtime, duration } }
}

/** What the node was given and what it gives. */
function setGiven(
  scope: Scope,
  {
    inputs,
    outputs,
    resourcesDuration,
  }: Pick<NodeStatus, 'inputs' | 'outputs' | 'resourcesDuration'>,
): void {
  const { result, exitCode, parameters = [] } = outputs ?? {}
  if (result !== undefined) scope.set('outputs.result', result)
  if (exitCode !== undefined) scope.set('exitCode', exitCode)
  const named = [
    ...(inputs?.parameters ?? []).map((one) => ['inputs', one] as const),
    ...parameters.map((one) => ['outputs', one] as const),
  ]
  for (const [side, { name, value }] of named) scope.set(`${side}.parameters.${name}`, value ?? '')
  for (const [name, seconds] of Object.entries(resourcesDuration ?? {})) {
    scope.set(`resourcesDuration.${name}`, String(seconds))
  }
}
