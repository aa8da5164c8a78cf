import type { RetryStrategy, Template } from '../spec/workflow.ts'
import { processArgs } from './arguments.ts'
import { customDisplayName } from './display-name.ts'
import { type Body, type CallSpec, createNode, type Host, isPodTemplate } from './host.ts'
import type { Waiter } from './limiter.ts'
import { LockedBody } from './locks/locked-body.ts'
import { MemoBody } from './memo/memo-body.ts'
import { podName } from './names.ts'
import type { NodeRecord } from './nodes.ts'
import type { Order } from './order.ts'
import { publishBegun, publishDone } from './publish.ts'
import { refusalOf } from './refused-template.ts'
import { RetryBody } from './retry-body.ts'
import type { RunState } from './run-state.ts'
import type { Scope } from './scope.ts'
import type { Holder } from './templates.ts'

/** Who made a call and hears of it. */
export interface Caller {
  /** Its node appeared, is fulfilled, or the call failed with `error`. */
  callChanged(call: Call): void
}

const maxDepth = 100
// argo: ErrMaxDepthExceeded.
const tooDeep =
  'Maximum recursion depth exceeded. See https://argo-workflows.readthedocs.io/en/latest/scaling/'

/**
 * One execution of a template under a node name: resolve it, give it its arguments, wait for a place, run its body.
 * argo: executeTemplate, but done once and not on every pass.
 */
export class Call implements Host, Waiter {
  readonly run: RunState
  readonly spec: CallSpec
  node: NodeRecord | undefined
  /** The template could not be executed; the node, if there is one, is Error. */
  error: string | undefined
  /** Whoever called has taken in that it is fulfilled; a daemon may be heard of again. */
  over = false
  readonly #caller: Caller
  #dropped = false
  /** Its metrics have been told. */
  #counted = false
  #prepared: Prepared | undefined
  #lock: string | undefined

  constructor(run: RunState, spec: CallSpec, caller: Caller) {
    this.run = run
    this.spec = spec
    this.#caller = caller
  }

  get order(): Order {
    return this.spec.order
  }

  get nodeName(): string {
    return this.spec.nodeName
  }

  get template(): Template {
    return this.#parts.template
  }

  get scope(): Scope {
    return this.#parts.scope
  }

  get inner(): Holder {
    return this.#parts.inner
  }

  get templateScope(): string {
    return `${this.spec.holder.kind}/${this.spec.holder.name}`
  }

  get flag(): Host['flag'] {
    return this.spec.hooked === true ? { hooked: true } : undefined
  }

  get fulfilled(): boolean {
    return this.error !== undefined || this.node?.fulfilled === true
  }

  get retryStrategy(): RetryStrategy | undefined {
    return this.template.retryStrategy ?? this.run.spec.retryStrategy
  }

  get #parts(): Prepared {
    if (this.#prepared === undefined) throw new Error(`${this.nodeName} is not prepared`)
    return this.#prepared
  }

  start(): void {
    const existing = this.run.nodes.named(this.nodeName)
    this.node = existing
    this.#counted = existing?.fulfilled === true
    if (existing !== undefined) existing.onExit = this.spec.onExit
    if (existing?.ended) {
      this.#caller.callChanged(this)
      return
    }
    if (this.spec.depth >= maxDepth) {
      this.#markError(tooDeep)
      this.#caller.callChanged(this)
      return
    }
    const prepared = prepare(this)
    if ('problem' in prepared) {
      this.failed(prepared.problem)
      return
    }
    this.#prepared = prepared
    if (this.node === undefined && this.#needsTurn) this.run.turns.wait(this)
    else this.retry()
  }

  get #needsTurn(): boolean {
    if (this.spec.placed === true) return false
    if (this.#prepared?.template.synchronization !== undefined) return true
    return this.run.podLimit.limits || this.spec.boundary?.limiter.limits === true
  }

  /** Begins when there is room, else waits for it. */
  retry(): void {
    if (this.#dropped || this.spec.boundary?.record.fulfilled) return
    if (this.node === undefined && this.#waits()) return
    this.#begin()
  }

  /** Gives up waiting for a place. */
  drop(): void {
    this.#dropped = true
  }

  // argo: checkParallelism. A node that exists has its place already.
  #waits(): boolean {
    const { run, spec } = this
    const limiters = [run.podLimit, spec.boundary?.limiter, run.passLimit]
    const full = limiters.find((limiter) => limiter?.isFull === true)
    full?.wait(this)
    return full !== undefined
  }

  #begin(): void {
    const body =
      this.retryStrategy === undefined
        ? this.run.makeBody(this)
        : new RetryBody(this, this.retryStrategy)
    if (body === undefined) {
      this.failed(`Template '${this.template.name ?? ''}' missing specification`)
      return
    }
    this.#gated(body).start(this.node)
  }

  /** What has to be had, or looked up, before the body may begin. */
  #gated(body: Body): Body {
    const { synchronization, memoize } = this.template
    const fresh = memoize === undefined ? body : new MemoBody(this, memoize, body)
    if (synchronization === undefined) return this.node === undefined ? fresh : body
    const locked = new LockedBody(this, synchronization, { fresh, begun: body })
    this.#lock = locked.holder
    return locked
  }

  #unlock(): void {
    if (this.#lock !== undefined) this.run.locks.release(this.#lock)
    this.#lock = undefined
  }

  created(node: NodeRecord): void {
    this.node = node
    this.spec.link(node)
    const { metrics } = this.template
    if (metrics !== undefined) publishBegun(this.run, metrics, node)
    this.#caller.callChanged(this)
  }

  done(node: NodeRecord): void {
    this.node = node
    const metrics = this.#prepared?.template.metrics
    // A daemon is done when it is ready, and again when it ends: it counts once, also over a restart.
    if (metrics !== undefined && !this.#counted) publishDone(this.run, metrics, node)
    this.#counted = true
    this.#unlock()
    if (node.ended) this.#prepared = undefined
    if (this.spec.boundary !== undefined) this.run.enqueue(this.spec.boundary.limiter)
    this.#caller.callChanged(this)
  }

  failed(message: string): void {
    this.#unlock()
    this.#markError(message)
    this.error = message
    if (this.spec.boundary !== undefined) this.run.enqueue(this.spec.boundary.limiter)
    this.#caller.callChanged(this)
  }

  // argo: initializeNodeOrMarkError.
  #markError(message: string): void {
    if (this.node !== undefined) {
      this.run.mark(this.node, 'Error', message)
      return
    }
    const { spec } = this
    this.node = createNode(this.run, {
      nodeName: this.nodeName,
      type: 'Skipped',
      phase: 'Error',
      message,
      use: spec.use,
      templateScope: this.templateScope,
      boundary: spec.boundary?.record,
      flag: this.flag,
      onExit: spec.onExit,
    })
    spec.link(this.node)
  }
}

interface Prepared {
  readonly template: Template
  readonly scope: Scope
  readonly inner: Holder
}

function prepare(call: Call): Prepared | { readonly problem: string } {
  const { run, spec } = call
  const resolved = run.templates.resolve(spec.holder, spec.use, spec.invokedBy?.name)
  if ('problem' in resolved) return resolved
  const { template, holder } = resolved
  const refusal = refusalOf(template)
  if (refusal !== '') return { problem: refusal }
  const retried = (template.retryStrategy ?? run.spec.retryStrategy) !== undefined
  const processed = processArgs(template, spec.args, {
    globals: run.globals,
    nodeName: spec.nodeName,
    world: run.world,
    namespace: run.namespace,
    ...(isPodTemplate(template) &&
      !retried && { podName: podName(run.name, run.hashedName(spec.nodeName), template.name) }),
    ...(spec.invokedBy !== undefined && { invokedBy: spec.invokedBy }),
  })
  if ('problem' in processed) return processed
  const named = customDisplayName(processed.template)
  if (named !== undefined && 'problem' in named) return named
  return { template: processed.template, scope: processed.scope, inner: holder }
}
