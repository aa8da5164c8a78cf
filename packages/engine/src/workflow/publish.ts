import { parseTime } from '../spec/time.ts'
import type { MetricsSpec } from '../spec/workflow.ts'
import {
  type Measured,
  type MetricScope,
  measure,
  nodeMetricScope,
  workflowMetricScope,
} from './metrics.ts'
import type { NodeRecord } from './nodes.ts'
import type { RunState } from './run-state.ts'

/** The gauges of a workflow that move while it runs. */
export function publishRunning(run: RunState): void {
  const { metrics } = run.spec
  if (metrics !== undefined) take(run, measure(metrics, scopeOf(run), { realtimeOnly: true }))
}

/** The metrics of a workflow that has ended; `root` is the node of its entrypoint. */
export function publishEnd(run: RunState, root: NodeRecord): void {
  const { metrics } = run.spec
  if (metrics === undefined) return
  take(run, measure(metrics, nodeMetricScope(scopeOf(run), root.status, run.now)))
}

/** The gauges of a template that move while its node runs. */
export function publishBegun(run: RunState, metrics: MetricsSpec, node: NodeRecord): void {
  const scope = nodeMetricScope(scopeOf(run), node.status, run.now)
  take(run, measure(metrics, scope, { realtimeOnly: true }))
}

/** The metrics of a template whose node is over. */
export function publishDone(run: RunState, metrics: MetricsSpec, node: NodeRecord): void {
  take(run, measure(metrics, nodeMetricScope(scopeOf(run), node.status, run.now)))
}

function scopeOf({ globals, status, now }: RunState): MetricScope {
  const since = parseTime(status.get('startedAt') ?? '') ?? now
  return workflowMetricScope(globals, since, parseTime(status.get('finishedAt') ?? ''))
}

// argo: reportMetricEmissionError. A metric never fails a run.
function take(run: RunState, { effects, problems }: Measured): void {
  run.metrics.push(...effects)
  const message = problems.at(-1)
  if (message !== undefined) {
    run.status.setCondition({ type: 'MetricsError', status: 'True', message })
  }
}
