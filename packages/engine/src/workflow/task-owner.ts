import type { Boundary, Host } from './host.ts'
import type { NodeRecord } from './nodes.ts'
import type { Scope } from './scope.ts'
import type { Task } from './task.ts'

/** The steps or dag body that a task belongs to. */
export interface TaskOwner {
  readonly host: Host
  readonly boundary: Boundary
  readonly kind: 'steps' | 'tasks'
  /** What the task may refer to. */
  scopeOf(task: Task): Scope
  /** Wires one of the task's nodes to what comes before the task. */
  linkNode(task: Task, node: NodeRecord): void
  taskErred(error: TaskError): void
  /** Nothing new may begin in it; what runs may end. */
  readonly isLost: boolean
  /** What the task belongs to is over: it is only taken up again. */
  readonly isPast: boolean
  /** All that the task stands for is fulfilled, its exit handlers too. */
  taskSettled(task: Task): void
  /** A daemon of a task that is settled has ended, or come back. */
  taskMoved(): void
}

/** How a task went, beyond its nodes. */
export type TaskError =
  /** A template could not be executed. */
  | { readonly kind: 'call'; readonly nodeName: string; readonly message: string }
  /** The references or the loop of the invocation itself are wrong. */
  | { readonly kind: 'invocation'; readonly message: string }
