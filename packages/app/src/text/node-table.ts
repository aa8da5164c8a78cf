import { type NodeStatus, nodeFields, podName, type Workflow } from '@argosy/engine'
import { oneLine } from '../output/text-width.ts'
import { lookOf } from '../tree/fold.ts'
import { layoutWhole, type Row } from '../tree/layout.ts'
import { type Tree, treeOf } from '../tree/tree.ts'
import { shortDuration } from './humanize.ts'
import { resourcesText } from './resources-text.ts'
import { tabs } from './tabs.ts'
import type { ViewOptions } from './view-options.ts'

const titles: Readonly<Record<ViewOptions['format'], readonly string[]>> = {
  plain: ['STEP', 'TEMPLATE', 'PODNAME', 'DURATION', 'MESSAGE'],
  short: ['STEP', 'TEMPLATE', 'PODNAME', 'DURATION', 'MESSAGE', 'NODENAME'],
  wide: [
    ...['STEP', 'TEMPLATE', 'PODNAME', 'DURATION'],
    ...['ARTIFACTS', 'MESSAGE', 'RESOURCESDURATION', 'NODENAME'],
  ],
}

const gap = ['', '', '', '', '', '']

/** The steps of a workflow as a tree with columns; the exit handler and hooks come after it. */
export function nodeTable(workflow: Workflow, options: ViewOptions): string {
  const tree = chosen(inTime(treeOf(workflow.status?.nodes ?? {})), options)
  const name = workflow.metadata.name ?? ''
  const own = tree.roots.filter((root) => isOf(root, name))
  const others = tree.roots.filter((root) => !isOf(root, name))
  const lines = [titles[options.format]]
  for (const roots of [own, ...others.map((root) => [root])]) {
    if (lines.length > 1 && roots.length > 0) lines.push(gap)
    const rows = layoutWhole({ roots, below: tree.below })
    lines.push(...rows.map((row) => cellsOf(row, name, options)))
  }
  return tabs(lines, 2)
}

/** The entry point, or what is below it when it is not shown itself. */
function isOf({ name }: NodeStatus, workflow: string): boolean {
  return name === workflow || name.startsWith(`${workflow}[`) || name.startsWith(`${workflow}(`)
}

/** Siblings in the order in which they started, as upstream has them. */
function inTime(tree: Tree): Tree {
  return {
    roots: tree.roots,
    below: (node) => tree.below(node).map((list) => [...list].sort(byStart)),
  }
}

function byStart(a: NodeStatus, b: NodeStatus): number {
  const [from, to] = [a.startedAt ?? '', b.startedAt ?? '']
  if (from !== to) return from < to ? -1 : 1
  const [first, second] = [indexOf(a), indexOf(b)]
  if (first !== undefined && second !== undefined && first !== second) return first - second
  return a.displayName < b.displayName ? -1 : 1
}

function indexOf({ displayName }: NodeStatus): number | undefined {
  const match = /\((\d+)(?::|\))/.exec(displayName)
  return match ? Number(match[1]) : undefined
}

/** Only what the selector means; what is below something left out moves up. */
function chosen(tree: Tree, { select }: ViewOptions): Tree {
  if (!select) return tree
  const open = (node: NodeStatus): readonly NodeStatus[] =>
    select(nodeFields(node)) ? [node] : tree.below(node).flat().flatMap(open)
  return {
    roots: tree.roots.flatMap(open),
    below: (node) =>
      tree
        .below(node)
        .map((list) => list.flatMap(open))
        .filter((list) => list.length > 0),
  }
}

function cellsOf(row: Row, workflow: string, options: ViewOptions): readonly string[] {
  const node = row.ran ?? row.node
  if (!node) return [`${row.rails}${row.name}`]
  const isPod = node.type === 'Pod'
  const step = `${rails(row.rails, options)}${icon(node, options)} ${oneLine(node.displayName)}`
  const start = [
    step,
    templateText(node),
    isPod ? podName(workflow, node.name, templateName(node)) : '',
    isPod ? shortDuration(node.startedAt, node.finishedAt, options.now) : '',
  ]
  const message = oneLine(node.message ?? '')
  const host = isPod ? (node.hostNodeName ?? '') : ''
  if (options.format === 'wide') {
    const artifacts = (node.outputs?.artifacts ?? []).map(({ name }) => name).join(',')
    return [...start, artifacts, message, resourcesText(node.resourcesDuration), host]
  }
  return [...start, message, options.format === 'short' ? host : '']
}

function icon(node: NodeStatus, { utf8, paint }: ViewOptions): string {
  const look = lookOf(node)
  if (utf8) return paint.sign(look)
  return paint.look(look, look === 'Suspended' ? 'Suspend' : look)
}

const plainRails: Readonly<Record<string, string>> = {
  '─': '-',
  '┬': '+',
  '└': '`',
  '├': '|',
  '│': '|',
}

function rails(text: string, { utf8 }: ViewOptions): string {
  return utf8 ? text : text.replace(/[─┬└├│]/g, (mark) => plainRails[mark] ?? mark)
}

function templateText({ templateRef, templateName }: NodeStatus): string {
  return templateRef ? `${templateRef.name}/${templateRef.template}` : (templateName ?? '')
}

function templateName({ templateRef, templateName }: NodeStatus): string | undefined {
  return templateRef ? templateRef.template : templateName
}
