import type { NodeStatus, NodeType } from '@argosy/engine'
import { durationText } from '../output/duration.ts'
import { type Paint, signs } from '../output/paint.ts'
import { hasFailed, isOver } from '../output/phase.ts'
import type { NodeChange, Progress } from '../output/progress.ts'
import { oneLine } from '../output/text-width.ts'
import { lookOf } from '../tree/fold.ts'
import { stepName } from './step-name.ts'
import type { View } from './view.ts'

export interface LineViewOptions {
  readonly write: (text: string) => unknown
  readonly paint: Paint
  readonly now: () => number
  /** With several workflows every line says whose it is. */
  readonly workflows: number
  readonly format: 'tree' | 'wide'
  readonly podName: (workflow: string, node: NodeStatus) => string | undefined
}

/** For logs and pipes: one line for each phase of a step, in the order in which things happen. */
export function lineView(options: LineViewOptions): View {
  const phases = new Map<string, string>()
  const line = (parts: readonly string[]) =>
    options.write(`${parts.filter((part) => part !== '').join('  ')}\n`)
  return {
    moved(progress, changes) {
      if (phases.get(progress.name) === undefined) phaseLine(progress)
      for (const change of changes) if (isTelling(change)) stepLine(progress, change)
      if (phases.get(progress.name) !== progress.phase) phaseLine(progress)
    },
    note: (text) => line([text]),
    log: (lines) => options.write(lines.map((text) => `${text}\n`).join('')),
    end: () => undefined,
  }

  function phaseLine(progress: Progress): void {
    const { name, phase, workflow } = progress
    if (phase === '') return
    phases.set(name, phase)
    const { paint, now } = options
    const took = isOver(phase) ? durationText(progress.elapsed(now())) : ''
    const message = oneLine(workflow.status?.message ?? '')
    line([`${paint.sign(phase)} ${paint.strong(name)}`, phase, took, message])
  }

  function stepLine(progress: Progress, { node }: NodeChange): void {
    const look = lookOf(node)
    const { paint, now, workflows, format, podName } = options
    const took = isOver(node.phase) ? progress.elapsedOf(node, now()) : undefined
    const pod = format === 'wide' ? podName(progress.name, node) : undefined
    line([
      `  ${paint.look(look, signs[look])} ${stepName(progress.name, node)}`,
      workflows > 1 ? paint.faint(progress.name) : '',
      look,
      took === undefined ? '' : durationText(took),
      pod ? paint.faint(pod) : '',
      oneLine(node.message ?? ''),
    ])
  }
}

const working: ReadonlySet<NodeType> = new Set(['Pod', 'Suspend', 'HTTP', 'Plugin', 'Skipped'])

/** Steps that do something, from when they do it or say why they wait; what contains them only when it is why something failed. */
function isTelling({ node }: NodeChange): boolean {
  if (working.has(node.type) && node.phase === 'Pending') return node.message !== undefined
  if (working.has(node.type)) return node.phase !== 'Omitted'
  return hasFailed(node.phase) && !node.children?.length
}
