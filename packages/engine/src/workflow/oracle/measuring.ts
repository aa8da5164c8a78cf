import { parseTime } from '../../spec/time.ts'
import type { MetricsSpec } from '../../spec/workflow.ts'
import {
  type Measured,
  type MetricScope,
  measure,
  nodeMetricScope,
  workflowMetricScope,
} from '../metrics.ts'
import { type Board, type Host, isFulfilled, type Node } from './board.ts'

/** A node that has just been made: its gauges move from now on. Attempts have none of their own. */
export function measureBegun({ board, frame, nodeName, template }: Host, node: Node): void {
  const { metrics } = template
  if (metrics === undefined || nodeName !== frame.nodeName) return
  note(board, measure(metrics, nodeScope(board, node), { realtimeOnly: true }))
}

/** What a node has come to, once: when this pass has made it so. */
export function measureDone(
  { board, template }: Pick<Host, 'board' | 'template'>,
  node: Node,
): void {
  const { metrics } = template
  const before = board.workflow.status?.nodes?.[node.id]
  if (metrics === undefined || !isFulfilled(node)) return
  if (board.measured.has(node.id) || (before !== undefined && isFulfilled(before))) return
  board.measured.add(node.id)
  note(board, measure(metrics, nodeScope(board, node)))
}

/** The gauges of a workflow that begins, or is taken up again. */
export function measureRunning(board: Board, metrics: MetricsSpec): void {
  note(board, measure(metrics, scopeOf(board), { realtimeOnly: true }))
}

/** What a workflow has come to. */
export function measureEnd(board: Board, metrics: MetricsSpec, root: Node): void {
  note(board, measure(metrics, nodeMetricScope(scopeOf(board), root, board.now)))
}

function nodeScope(board: Board, node: Node): MetricScope {
  return nodeMetricScope(scopeOf(board), node, board.now)
}

function scopeOf({ globals, began, ended, now }: Board): MetricScope {
  return workflowMetricScope(globals, parseTime(began ?? '') ?? now, parseTime(ended ?? ''))
}

function note(board: Board, { effects, problems }: Measured): void {
  board.metrics.push(...effects)
  board.mismeasured = problems.at(-1) ?? board.mismeasured
}
