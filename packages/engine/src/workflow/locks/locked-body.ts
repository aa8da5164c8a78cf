import { parseDuration } from '../../spec/duration.ts'
import type { Synchronization } from '../../spec/synchronization.ts'
import { parseTime } from '../../spec/time.ts'
import { early, takeUp } from '../early-node.ts'
import type { Body, Host } from '../host.ts'
import type { Waiter } from '../limiter.ts'
import { nodeId } from '../names.ts'
import type { NodeRecord } from '../nodes.ts'
import type { Order } from '../order.ts'
import { reasonToEnd } from '../reason-to-end.ts'
import type { Progress } from '../run-state.ts'
import { timeoutMessage } from '../timed-out.ts'
import type { LockWaiter } from './run-locks.ts'

interface Bodies {
  readonly fresh: Body
  readonly begun: Body
}

/** A template that needs locks: its node waits for them, Pending, before there is anything else of it. */
export class LockedBody implements Body, LockWaiter, Waiter, Progress {
  queued = false
  readonly holder: string
  readonly #host: Host
  readonly #synchronization: Synchronization
  /** What begins once the locks are there, and what takes up a node that had begun. */
  readonly #bodies: Bodies
  #node: NodeRecord | undefined

  constructor(host: Host, synchronization: Synchronization, bodies: Bodies) {
    this.#host = host
    this.#synchronization = synchronization
    this.#bodies = bodies
    const { run, nodeName } = host
    this.holder = run.locks.holderOf(nodeId(run.name, run.hashedName(nodeName)))
  }

  get order(): Order {
    return this.#host.spec.order
  }

  get boundary(): NodeRecord | undefined {
    return this.#host.spec.boundary?.record
  }

  start(existing: NodeRecord | undefined): void {
    this.#node = existing
    if (existing !== undefined && existing.status.synchronizationStatus === undefined) {
      this.#host.run.locks.keep(this, this.#synchronization)
      this.#bodies.begun.start(existing)
      return
    }
    this.#ask()
  }

  #ask(): void {
    const { run } = this.#host
    const answer = run.locks.ask(this, this.#synchronization)
    if (answer.kind === 'waiting') this.#wait(answer.lock, answer.message)
    else if (answer.kind === 'refused') this.#refuse(answer.problem)
    else if (this.#node === undefined) this.#bodies.fresh.start(undefined)
    else run.turns.wait(this)
  }

  #refuse(problem: string): void {
    this.#leave()
    this.#host.failed(problem)
  }

  #wait(lock: string, message: string): void {
    const { run, spec } = this.#host
    const fresh = this.#node === undefined
    const node = this.#node ?? early(this.#host)
    this.#node = node
    node.onExit = spec.onExit
    this.#say(lock, message)
    if (fresh) this.#host.created(node)
    run.locks.stand(this.holder, this)
    run.suspended.set(node.id, { node, end: (_, reason) => this.end(reason ?? '') })
    const reason = reasonToEnd(run, node, `Stopped with strategy '${run.shutdown}'`)
    if (reason !== undefined) this.end(reason)
    else this.#watchTimeouts(node)
  }

  #say(lock: string, message: string): void {
    const { run } = this.#host
    const node = this.#node
    if (node === undefined) return
    if (node.status.synchronizationStatus?.waiting !== lock) {
      run.nodes.setWaiting(node, { waiting: lock })
    }
    run.nodes.set(node, 'message', message)
  }

  turn(): void {
    this.#host.run.enqueue(this)
  }

  progress(): void {
    if (this.#node?.fulfilled === true) return
    this.refresh()
  }

  refresh(): void {
    const { run } = this.#host
    const answer = run.locks.ask(this, this.#synchronization)
    if (answer.kind === 'waiting') this.#say(answer.lock, answer.message)
    else if (answer.kind === 'refused') this.#refuse(answer.problem)
    else run.turns.wait(this)
  }

  /** It has its locks, and begins when there is room for one more pod. */
  retry(): void {
    const { run } = this.#host
    const node = this.#node
    if (node === undefined || node.fulfilled) return
    // argo: whoever waits for a lock is ended before anybody gives one back.
    const reason = reasonToEnd(run, node, `Stopped with strategy '${run.shutdown}'`)
    if (reason !== undefined) {
      this.end(reason)
      return
    }
    if (run.podLimit.isFull) {
      run.podLimit.wait(this)
      return
    }
    this.#leave()
    takeUp(run, node)
    this.#bodies.fresh.start(node)
  }

  end(message: string): void {
    const node = this.#node
    if (node === undefined || node.fulfilled) return
    this.#leave()
    this.#host.run.mark(node, 'Failed', message)
    this.#host.done(node)
  }

  #leave(): void {
    const { run } = this.#host
    run.locks.step(this.holder)
    if (this.#node === undefined) return
    run.suspended.delete(this.#node.id)
    if (this.#node.status.synchronizationStatus !== undefined) {
      run.nodes.setWaiting(this.#node, undefined)
      run.nodes.set(this.#node, 'message', undefined)
    }
  }

  // argo: checkTemplateTimeouts, of a node that has no pod yet.
  #watchTimeouts(node: NodeRecord): void {
    const { template, run } = this.#host
    const since = parseTime(node.status.startedAt ?? '') ?? run.now
    for (const limit of [template.timeout, template.pendingTimeout]) {
      if (limit === undefined || limit === '') continue
      const parsed = parseDuration(limit)
      if ('error' in parsed) continue
      const end = () => {
        if (node.status.synchronizationStatus !== undefined) this.end(timeoutMessage)
      }
      // After a restart it may be over already.
      if (since + parsed.ms <= run.now) end()
      else run.timer(since + parsed.ms, end)
    }
  }
}
