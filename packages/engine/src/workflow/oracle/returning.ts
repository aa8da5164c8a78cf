import type { Board, Node } from './board.ts'

/** A retried daemon that has died and is not back yet. */
export function isReturning(board: Board, node: Node): boolean {
  return node.type === 'Retry' && node.daemoned === true && board.visible(node).daemoned !== true
}
