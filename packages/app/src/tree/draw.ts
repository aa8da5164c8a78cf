import type { NodeStatus } from '@argosy/engine'
import { durationText } from '../output/duration.ts'
import { type Paint, signs } from '../output/paint.ts'
import { hasFailed } from '../output/phase.ts'
import type { Progress } from '../output/progress.ts'
import { clip, oneLine, textWidth } from '../output/text-width.ts'
import { type Counts, inOrder } from './fold.ts'
import { layout, type Row } from './layout.ts'
import { treeOf } from './tree.ts'

/** What a drawing depends on beside the workflow. */
export interface Canvas {
  readonly columns: number
  readonly height: number
  readonly paint: Paint
  readonly format: 'tree' | 'wide'
  readonly podName: (workflow: string, node: NodeStatus) => string | undefined
}

const titles = [' STEP', 'TEMPLATE', 'PODNAME', 'DURATION', 'MESSAGE']

/** The lines of one workflow: a headline, and the tree below it as soon as there is one; none is wider than `columns`. */
export function draw(progress: Progress, now: number, canvas: Canvas): readonly string[] {
  const { columns, paint } = canvas
  const nodes = progress.workflow.status?.nodes ?? {}
  const rows = layout(treeOf(nodes), Math.max(canvas.height - 2, 1))
  if (rows.length <= 1) return [headline(progress, now, canvas)]
  const [first = '', ...lines] = table([
    titles,
    ...rows.map((row) => cellsOf(row, progress, now, canvas)),
  ])
  return [
    headline(progress, now, canvas),
    paint.faint(clip(first, columns)),
    ...rows.map((row, index) => painted(row, clip(lines[index] ?? '', columns), paint)),
  ]
}

/** `● demo-x7k2p  Running  3/10  1.2s  waiting for …` */
export function headline(progress: Progress, now: number, canvas: Canvas): string {
  const { status } = progress.workflow
  const look = status?.phase || 'Pending'
  const facts = [
    `${signs[look]} ${progress.name}`,
    look,
    status?.progress ?? '',
    durationText(progress.elapsed(now)),
    oneLine(status?.message ?? ''),
  ]
  const line = clip(facts.filter((fact) => fact !== '').join('  '), canvas.columns)
  return canvas.paint.look(look, line)
}

function cellsOf(row: Row, progress: Progress, now: number, canvas: Canvas): readonly string[] {
  const sign = row.look ? `${signs[row.look]} ` : ''
  const step = `${row.rails}${sign}${oneLine(row.name)}`
  const { node } = row
  if (!node) return [step, '', '', '', row.counts ? countsText(row.counts) : '']
  const ran = row.ran ?? node
  const elapsed = progress.elapsedOf(node, now)
  return [
    step,
    ran.templateName ?? ran.templateRef?.template ?? '',
    canvas.format === 'wide' ? (canvas.podName(progress.name, ran) ?? '') : '',
    elapsed === undefined ? '' : durationText(elapsed),
    oneLine(ran.message ?? node.message ?? ''),
  ]
}

function countsText(counts: Counts): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const parts = inOrder(counts).map(([look, count]) => `${count} ${look.toLowerCase()}`)
  return `${total} items: ${parts.join(', ')}`
}

/** Pads columns to their widest cell; a column with nothing under its title is left out. */
function table(lines: readonly (readonly string[])[]): readonly string[] {
  const [head = [], ...body] = lines
  const widths = head.map((title, column) => {
    const widest = Math.max(...body.map((cells) => textWidth(cells[column] ?? '')))
    return widest === 0 ? 0 : Math.max(widest, title.length)
  })
  return lines.map((cells) => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0
      return width === 0 ? '' : `${cell}${' '.repeat(Math.max(width - textWidth(cell), 0))}  `
    })
    return padded.join('').trimEnd()
  })
}

function painted(row: Row, text: string, paint: Paint): string {
  if (!row.look) return paint.faint(text)
  const sign = signs[row.look]
  const at = text.indexOf(sign)
  if (at < 0) return text
  const rest = text.slice(at + sign.length)
  const tail = hasFailed(row.look) ? paint.look(row.look, rest) : rest
  return `${paint.faint(text.slice(0, at))}${paint.sign(row.look)}${tail}`
}
