import { substitute } from '../expr/tags.ts'
import type { NodeStatus } from '../spec/status.ts'
import { parseTime } from '../spec/time.ts'
import type { RetryStrategy, Template } from '../spec/workflow.ts'
import { failedHosts } from './avoid-hosts.ts'
import type { Daemon } from './daemons.ts'
import { type Body, type CallSpec, type Host, isPodTemplate, nodeOf } from './host.ts'
import type { Waiter } from './limiter.ts'
import { podName } from './names.ts'
import type { NodeRecord } from './nodes.ts'
import type { Order } from './order.ts'
import { publishDone } from './publish.ts'
import { type Attempt, type Attempts, nextAttempt } from './retry.ts'
import type { RunState } from './run-state.ts'
import { Scope } from './scope.ts'
import type { Holder } from './templates.ts'

/**
 * A node of type Retry: a parent over one attempt after the other.
 * argo: executeTemplate's retry part with processNodeRetries; the decision itself is `nextAttempt`.
 */
export class RetryBody implements Body, Daemon, Waiter {
  readonly #host: Host
  readonly #strategy: RetryStrategy
  readonly #attempts: NodeRecord[] = []
  #node: NodeRecord | undefined
  /** The pass in which the last attempt began: one that fails at once is not followed by another in the same pass. */
  #begunIn: number | undefined
  /** There is a place for the next attempt. */
  #placed = false

  constructor(host: Host, strategy: RetryStrategy) {
    this.#host = host
    this.#strategy = strategy
  }

  get order(): Order {
    return this.#host.spec.order
  }

  get #record(): NodeRecord {
    if (this.#node === undefined) throw new Error(`${this.#host.nodeName} has no node yet`)
    return this.#node
  }

  start(existing: NodeRecord | undefined): void {
    this.#node = existing ?? this.#create()
    this.#adoptAttempts()
    const last = this.#attempts.at(-1)
    if (this.#record.status.daemoned === true) this.#serve()
    if (last === undefined) this.#attempt()
    else if (last.ended) this.#decide()
    else this.#run(this.#attempts.length - 1, last)
  }

  #create(): NodeRecord {
    const node = nodeOf(this.#host, 'Retry')
    this.#host.created(node)
    return node
  }

  #adoptAttempts(): void {
    const { run, nodeName } = this.#host
    for (let index = 0; ; index++) {
      const node = run.nodes.named(`${nodeName}(${index})`)
      if (node === undefined) return
      this.#attempts.push(node)
    }
  }

  #attempt(deadlineAt?: number): void {
    this.#begunIn = this.#host.run.pass
    this.#run(this.#attempts.length, undefined, deadlineAt)
  }

  #run(index: number, existing: NodeRecord | undefined, deadlineAt?: number): void {
    const attempt = new AttemptHost(this.#host, this, index, deadlineAt)
    const previous = this.#attempts[index - 1]
    const problem = attempt.prepare(previous)
    if (problem !== undefined) {
      this.#host.failed(problem)
      return
    }
    const body = this.#host.run.makeBody(attempt)
    if (body === undefined) attempt.failed('template has no type that can be run')
    else body.start(existing)
  }

  attemptCreated(node: NodeRecord): void {
    this.#attempts.push(node)
    this.#host.run.nodes.link(this.#record, node.id)
  }

  attemptDone(): void {
    const last = this.#attempts.at(-1)
    if (last?.status.daemoned === true) {
      this.#serve()
      return
    }
    const { metrics } = this.#host.template
    this.#decide()
    // argo: of the last attempt the Retry node speaks.
    if (metrics === undefined || this.#record.fulfilled || last === undefined) return
    publishDone(this.#host.run, metrics, last)
  }

  /** Its attempt is a daemon that is ready. It stays one while an attempt that has died is followed by another. */
  #serve(): void {
    const { run } = this.#host
    run.mark(this.#record, 'Running')
    run.nodes.setDaemoned(this.#record, true)
    run.daemons.add(this.#record.boundary, this)
    this.#host.done(this.#record)
  }

  kill(): void {
    if (this.#record.ended) return
    const leaf = this.#host.run.leaves.get(this.#attempts.at(-1)?.podName ?? '')
    if (leaf === undefined) this.#end('Succeeded', '')
    else leaf.kill()
  }

  attemptFailed(message: string): void {
    const policy =
      this.#strategy.retryPolicy || (this.#strategy.expression ? 'Always' : 'OnFailure')
    if (policy !== 'OnFailure' && this.#attempts.length > 0) this.#decide()
    else this.#host.failed(message)
  }

  readonly #decide = (): void => {
    const { run } = this.#host
    if (this.#record.ended) return
    const decision = nextAttempt(this.#strategy, this.#tried, {
      now: run.now,
      shutdown: run.shutdown,
      workflowDeadline: run.deadline,
    })
    if ('problem' in decision) this.#host.failed(decision.problem)
    else if ('wait' in decision) this.#wait(decision.wait + this.#sinceEnd, decision.message)
    else if ('retry' in decision && this.#begunIn === run.pass) this.#wait(run.now)
    else if ('retry' in decision) {
      if (!this.#hasPlace) {
        run.turns.wait(this)
        return
      }
      if (decision.clearMessage) run.nodes.set(this.#record, 'message', undefined)
      this.#attempt(decision.deadlineAt)
    } else this.#end(decision.phase, decision.message)
  }

  get #tried(): Attempts | undefined {
    const [first, last] = [this.#attempts[0], this.#attempts.at(-1)]
    if (first === undefined || last === undefined) return undefined
    const { startedAt: firstStartedAt } = seen(first)
    return { count: this.#attempts.length, firstStartedAt, last: seen(last) }
  }

  /**
   * How long ago the last attempt ended within the second that is written, in milliseconds: without it all that ended in one
   * second would be due in the same moment. Of an end that is longer ago nothing is known.
   */
  get #sinceEnd(): number {
    const { now } = this.#host.run
    const since = now - (parseTime(this.#attempts.at(-1)?.status.finishedAt ?? '') ?? now)
    return since > 0 && since < 1000 ? since : 0
  }

  // argo: checkParallelism. Of the template around it an attempt has its place already.
  get #hasPlace(): boolean {
    return this.#placed || !this.#host.run.podLimit.limits
  }

  /** Its turn has come. */
  retry(): void {
    const { run, spec } = this.#host
    if (this.#record.ended || spec.boundary?.record.ended) return
    if (run.podLimit.isFull) {
      run.podLimit.wait(this)
      return
    }
    this.#placed = true
    this.#decide()
    this.#placed = false
  }

  /** Machines on which attempts have failed, when the next one is to run on another. */
  failedHosts(): readonly string[] {
    const { affinity } = this.#strategy
    if (affinity?.['nodeAntiAffinity'] == null) return []
    return failedHosts(this.#host.run.nodes, this.#record.id)
  }

  #wait(until: number, message?: string): void {
    const { run, spec } = this.#host
    // While it waits its place is free for others.
    if (spec.boundary !== undefined) run.enqueue(spec.boundary.limiter)
    run.mark(this.#record, 'Running', message)
    run.timer(until, this.#decide)
    // A deadline is past only after its millisecond.
    if (run.deadline !== undefined && run.now <= run.deadline) {
      run.timer(run.deadline + 1, this.#decide)
    }
  }

  #end(phase: NonNullable<NodeStatus['phase']>, message: string | undefined): void {
    const { run } = this.#host
    run.nodes.set(this.#record, 'outputs', this.#attempts.at(-1)?.status.outputs)
    run.daemons.remove(this.#record.boundary, this)
    run.nodes.setDaemoned(this.#record, false)
    run.mark(this.#record, phase, message)
    this.#host.done(this.#record)
  }
}

function seen({ status }: NodeRecord): Attempt {
  return {
    phase: status.phase ?? 'Error',
    message: status.message ?? '',
    exitCode: status.outputs?.exitCode,
    startedAt: parseTime(status.startedAt ?? '') ?? 0,
    finishedAt: parseTime(status.finishedAt ?? '') ?? 0,
  }
}

/** One attempt: the same template under its own node name, with what the last attempt left behind. */
class AttemptHost implements Host {
  readonly run: RunState
  readonly spec: CallSpec
  readonly nodeName: string
  readonly inner: Holder
  readonly templateScope: string
  readonly flag: NodeStatus['nodeFlag']
  readonly deadlineAt?: number
  readonly failedHosts: () => readonly string[]
  readonly scope: Scope
  template: Template
  readonly #index: number
  readonly #retry: RetryBody
  #node: NodeRecord | undefined

  constructor(outer: Host, retry: RetryBody, index: number, deadlineAt: number | undefined) {
    this.run = outer.run
    this.spec = outer.spec
    this.nodeName = `${outer.nodeName}(${index})`
    this.inner = outer.inner
    this.templateScope = outer.templateScope
    this.flag = { ...outer.flag, retried: true }
    this.template = outer.template
    this.scope = new Scope(outer.scope)
    this.#index = index
    this.#retry = retry
    this.failedHosts = () => retry.failedHosts()
    if (deadlineAt !== undefined) this.deadlineAt = deadlineAt
  }

  /** Puts the attempt's own variables into the template; the result is a problem, if there is one. */
  prepare(previous: NodeRecord | undefined): string | undefined {
    const { scope, run } = this
    if (isPodTemplate(this.template)) {
      scope.set('pod.name', podName(run.name, run.hashedName(this.nodeName), this.template.name))
    }
    scope.set('retries', String(this.#index))
    scope.set('lastRetry.exitCode', previous?.status.outputs?.exitCode ?? '0')
    scope.set('lastRetry.duration', String(durationSeconds(previous)))
    scope.set('lastRetry.status', previous?.status.phase ?? '')
    scope.set('lastRetry.message', previous?.status.message ?? '')
    const { value, problem } = substitute(this.template, scope, {})
    this.template = value
    return problem
  }

  created(node: NodeRecord): void {
    this.#node = node
    this.#retry.attemptCreated(node)
  }

  done(): void {
    this.#retry.attemptDone()
  }

  failed(message: string): void {
    if (this.#node !== undefined) this.run.mark(this.#node, 'Error', message)
    this.#retry.attemptFailed(message)
  }
}

function durationSeconds(node: NodeRecord | undefined): number {
  if (node === undefined) return 0
  const { startedAt, finishedAt } = seen(node)
  return finishedAt === 0 ? 0 : (finishedAt - startedAt) / 1000
}
