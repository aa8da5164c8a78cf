import { parseDuration } from '../../spec/duration.ts'
import type { Synchronization } from '../../spec/synchronization.ts'
import { parseTime } from '../../spec/time.ts'
import type { LockRequest } from '../locks/lock-door.ts'
import { limitIn, lockItems } from '../locks/lock-item.ts'
import { timeoutMessage } from '../timed-out.ts'
import type { Board, Host, Node } from './board.ts'
import { addTyped } from './leaf.ts'
import type { BookAnswer } from './lock-book.ts'
import { typeOf } from './recall.ts'

/** `begun`: it has its locks since before. `fresh`: it has just got them. A text is why it cannot be executed. */
type Gate = 'begun' | 'fresh' | 'waits' | { readonly problem: string }

/** Whether a node that needs locks may go on. */
export function passGate(
  host: Host,
  synchronization: Synchronization,
  existing: Node | undefined,
): Gate {
  const { board } = host
  if (existing !== undefined && existing.synchronizationStatus === undefined) return 'begun'
  const answer = askFor(board, synchronization, {
    holder: board.holderOf(board.idOf(host.nodeName)),
    order: host.frame.order,
  })
  if (answer === 'granted') return existing === undefined ? 'fresh' : takenUp(host, existing)
  if ('problem' in answer) return answer
  const node = existing ?? addTyped(host, typeOf(host), 'Pending')
  board.put(node, 'synchronizationStatus', { waiting: answer.lock })
  board.put(node, 'message', answer.message)
  endWaiting(host, node)
  return 'waits'
}

/** Asks for locks, of a node or of the workflow itself. */
export function askFor(
  board: Board,
  synchronization: Synchronization,
  who: Pick<LockRequest, 'holder' | 'order'>,
): BookAnswer {
  const { book, namespace, spec, workflow, world } = board
  if (book === undefined) return { problem: 'nobody keeps locks here' }
  const items = lockItems(synchronization, namespace)
  if ('problem' in items) return items
  const locks = items.map(({ name, limitAt }) => {
    const map = limitAt && world.configMap(limitAt.name, limitAt.namespace)
    return { name, limit: limitAt === undefined ? 1 : limitIn(map, limitAt.key) }
  })
  const createdAt = workflow.metadata.creationTimestamp ?? ''
  return book.ask({ ...who, locks, priority: spec.priority ?? 0, createdAt })
}

/** It has waited long enough, when there is room for one more pod. */
function takenUp(host: Host, node: Node): Gate {
  const { board } = host
  const { parallelism } = board.spec
  if (isTold(host)) {
    endWaiting(host, node)
    return 'waits'
  }
  // It takes its turn like whoever begins anew.
  if (!board.mayStart || (parallelism !== undefined && board.isFull(undefined))) return 'waits'
  board.mayStart = false
  board.put(node, 'synchronizationStatus', undefined)
  board.put(node, 'message', undefined)
  if (running.includes(node.type)) board.mark(node, 'Running')
  return 'fresh'
}

const running: readonly string[] = ['Retry', 'Steps', 'DAG', 'Suspend']

/** It must end, whatever it is given. */
function isTold({ board, frame }: Host): boolean {
  return !board.mayExecute(frame.onExit) || (board.late && !frame.onExit)
}

function endWaiting({ board, frame, template }: Host, node: Node): void {
  const stopped = !board.mayExecute(frame.onExit) && `Stopped with strategy '${board.shutdown}'`
  const late = board.late && !frame.onExit && 'Step exceeded its deadline'
  const reason =
    stopped || late || timedOut(board, node, [template.timeout, template.pendingTimeout])
  if (!reason) return
  board.put(node, 'synchronizationStatus', undefined)
  board.mark(node, 'Failed', reason)
}

function timedOut(board: Board, node: Node, limits: readonly (string | undefined)[]) {
  const since = parseTime(node.startedAt ?? '') ?? board.now
  for (const limit of limits) {
    const parsed = limit ? parseDuration(limit) : undefined
    if (parsed === undefined || 'error' in parsed) continue
    const at = since + parsed.ms
    if (at <= board.now && !board.born.has(node.id)) return timeoutMessage
    board.wakes.push(at)
  }
  return undefined
}
