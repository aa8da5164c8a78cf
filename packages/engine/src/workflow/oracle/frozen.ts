import { templateScopeOf } from '../templates.ts'
import { type Board, type Frame, isEnded, type Node } from './board.ts'
import { walkFrozenPod } from './leaf.ts'

/** A suspended workflow: its pods are looked at, and nothing else moves. */
export function walkFrozen(board: Board): void {
  for (const node of board.all()) {
    if (isEnded(node)) continue
    if (node.type === 'Suspend') endWaiting(board, node)
    if (['Pod', 'HTTP', 'Plugin'].includes(node.type)) lookAt(board, node)
  }
}

function endWaiting(board: Board, node: Node): void {
  const onExit = isOfExitHandler(board, node)
  if (!board.mayExecute(onExit)) {
    board.mark(node, 'Failed', `Stopped with strategy '${board.shutdown}'`)
  } else if (board.late && !onExit) board.mark(node, 'Failed', 'Step exceeded its deadline')
}

function lookAt(board: Board, node: Node): void {
  const template = templateOf(board, node)
  if (template === undefined) return
  const boundary = boundaryOf(board, node)
  const frame: Frame = {
    nodeName: node.name,
    use: { ...(node.templateName !== undefined && { template: node.templateName }) },
    holder: board.templates.local,
    args: {},
    ...(boundary !== undefined && { boundary, invokedBy: { kind: 'steps', name: '' } }),
    onExit: isOfExitHandler(board, node),
    hooked: node.nodeFlag?.hooked === true,
    depth: 0,
    order: [],
    link: () => undefined,
  }
  walkFrozenPod(
    {
      board,
      frame,
      nodeName: node.name,
      template,
      scope: board.globals,
      inner: board.templates.local,
      flag: node.nodeFlag,
      link: () => undefined,
    },
    node,
  )
}

function templateOf(board: Board, { templateName, templateScope }: Node) {
  // The oracle's workflows have no other templates than their own.
  if (templateScope !== templateScopeOf(board.templates.local)) return undefined
  const found = board.templates.resolve(board.templates.local, { template: templateName })
  return 'problem' in found ? undefined : found.template
}

function boundaryOf(board: Board, { boundaryID = '' }: Node): Frame['boundary'] {
  const node = board.nodes[boundaryID]
  const template = node && templateOf(board, node)
  return node && template && { node, template }
}

function isOfExitHandler(board: Board, node: Node): boolean {
  if (/\.onExit(\(\d+\))?$/.test(node.name)) return true
  const boundary = board.nodes[node.boundaryID ?? '']
  return boundary !== undefined && isOfExitHandler(board, boundary)
}
