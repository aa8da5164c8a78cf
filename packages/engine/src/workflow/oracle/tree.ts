import { substitute } from '../../expr/tags.ts'
import type { NodeStatus } from '../../spec/status.ts'
import { parseTime } from '../../spec/time.ts'
import type { RetryStrategy, Template } from '../../spec/workflow.ts'
import { processArgs } from '../arguments.ts'
import { hasSteps } from '../body-for.ts'
import { customDisplayName } from '../display-name.ts'
import { podName } from '../names.ts'
import { isTask } from '../observe-task.ts'
import { type Attempt, nextAttempt } from '../retry.ts'
import type { Scope } from '../scope.ts'
import type { Holder } from '../templates.ts'
import { type Board, type Frame, type Host, isEnded, type Node, type Outcome } from './board.ts'
import { walkDag } from './dag.ts'
import { addTyped, walkPod, walkSuspend } from './leaf.ts'
import { passGate } from './lock-gate.ts'
import { measureDone } from './measuring.ts'
import { recall } from './recall.ts'
import { walkSteps } from './steps.ts'

const tooDeep =
  'Maximum recursion depth exceeded. See https://argo-workflows.readthedocs.io/en/latest/scaling/'

/** Looks at one use of a template and moves its node, and all below it, as far as they can go. */
export function execute(board: Board, frame: Frame): Outcome {
  const existing = board.named(frame.nodeName)
  if (existing !== undefined && isEnded(existing)) return { node: existing }
  if (frame.depth >= 100) return { node: markError(board, frame, tooDeep) }
  const prepared = prepare(board, frame)
  if ('problem' in prepared) return failed(board, frame, prepared.problem)
  const locked = prepared.template.synchronization !== undefined
  if (existing === undefined && !board.takePlace(frame, locked)) return {}
  const host: Host = {
    board,
    frame,
    nodeName: frame.nodeName,
    flag: frame.hooked ? { hooked: true } : undefined,
    link: (node) => frame.link(node),
    ...prepared,
  }
  return gated(host, existing)
}

function gated(host: Host, existing: Node | undefined): Outcome {
  const { board, frame, template } = host
  const { synchronization } = template
  if (synchronization === undefined) return started(host, existing === undefined)
  const gate = passGate(host, synchronization, existing)
  if (gate === 'waits') {
    const node = board.named(frame.nodeName)
    return node === undefined ? {} : { node }
  }
  if (typeof gate === 'object') return failed(board, frame, gate.problem)
  return started(host, gate === 'fresh')
}

/** Begins a node, or goes on with it; of one that is new a cache may know what it gives. */
function started(host: Host, isNew: boolean): Outcome {
  const { board, frame } = host
  const known = isNew && memoized(host)
  if (typeof known === 'string') return failed(board, frame, known)
  const node = known ? board.named(frame.nodeName) : undefined
  const outcome = node === undefined ? begin(host) : { node }
  if (outcome.node !== undefined && outcome.error === undefined) measureDone(host, outcome.node)
  return outcome
}

function memoized(host: Host): boolean | string {
  const { memoize } = host.template
  return memoize === undefined ? false : recall(host, memoize)
}

function begin(host: Host): Outcome {
  const { board, frame } = host
  const strategy = host.template.retryStrategy ?? board.spec.retryStrategy
  const error = strategy === undefined ? walkBody(host) : walkRetry(host, strategy)
  if (error !== undefined) return failed(board, frame, error)
  const node = board.named(frame.nodeName)
  return node === undefined ? {} : { node }
}

function failed(board: Board, frame: Frame, error: string): Outcome {
  board.book?.giveBack(board.holderOf(board.idOf(frame.nodeName)))
  return { node: markError(board, frame, error), error }
}

function markError(board: Board, frame: Frame, message: string): Node {
  const existing = board.named(frame.nodeName)
  if (existing !== undefined) {
    board.mark(existing, 'Error', message)
    return existing
  }
  const node = board.add({
    nodeName: frame.nodeName,
    type: 'Skipped',
    phase: 'Error',
    message,
    use: frame.use,
    templateScope: `${frame.holder.kind}/${frame.holder.name}`,
    boundary: frame.boundary?.node,
    flag: frame.hooked ? { hooked: true } : undefined,
  })
  frame.link(node)
  return node
}

interface Prepared {
  readonly template: Template
  readonly scope: Scope
  readonly inner: Holder
}

function prepare(board: Board, frame: Frame): Prepared | { readonly problem: string } {
  const resolved = board.templates.resolve(frame.holder, frame.use, frame.invokedBy?.name)
  if ('problem' in resolved) return resolved
  const { template, holder: inner } = resolved
  const retried = (template.retryStrategy ?? board.spec.retryStrategy) !== undefined
  const processed = processArgs(template, frame.args, {
    globals: board.globals,
    nodeName: frame.nodeName,
    world: board.world,
    namespace: board.namespace,
    ...(runsInPod(template) &&
      !retried && { podName: podName(board.name, frame.nodeName, template.name) }),
    ...(frame.invokedBy !== undefined && { invokedBy: frame.invokedBy }),
  })
  if ('problem' in processed) return processed
  const named = customDisplayName(processed.template)
  if (named !== undefined && 'problem' in named) return named
  return { template: processed.template, scope: processed.scope, inner }
}

const podKinds = ['container', 'containerSet', 'script', 'resource', 'data'] as const

function runsInPod(template: Template): boolean {
  return podKinds.some((kind) => template[kind] !== undefined)
}

function walkBody(host: Host): string | undefined {
  const { template } = host
  if (template.container !== undefined) return walkPod(host)
  if (template.containerSet !== undefined) return walkPod(host)
  if (hasSteps(template)) return walkSteps(host)
  if (template.script !== undefined) return walkPod(host)
  if (template.dag !== undefined) return walkDag(host)
  if (template.resource !== undefined || template.data !== undefined) return walkPod(host)
  if (template.suspend !== undefined) return walkSuspend(host)
  if (isTask(template)) return walkPod(host)
  return `Template '${template.name ?? ''}' missing specification`
}

interface Retry {
  readonly host: Host
  readonly strategy: RetryStrategy
  readonly node: Node
}

/** One attempt after the other below a Retry node. The result is why it could not be executed. */
function walkRetry(host: Host, strategy: RetryStrategy): string | undefined {
  const { board } = host
  const node = board.named(host.nodeName) ?? addTyped(host, 'Retry', 'Running')
  const retry = { host, strategy, node }
  for (;;) {
    const attempts = attemptsOf(host)
    const step = nextStep(retry, attempts)
    if (step === 'over') return undefined
    if ('problem' in step) return step.problem
    const error = walkAttempt(retry, step.index, step.deadlineAt)
    const attempt = board.named(`${host.nodeName}(${step.index})`)
    if (error !== undefined) return error
    if (attempt !== undefined && !isEnded(attempt)) return serves(retry, attempt)
  }
}

/** A retried daemon is one as soon as an attempt is. */
function serves({ host, node }: Retry, attempt: Node): undefined {
  if (attempt.daemoned !== true) return
  host.board.put(node, 'daemoned', true)
  host.board.book?.giveBack(host.board.holderOf(node.id))
}

/** Which attempt is to be looked at: the last one, as long as it runs, or another. */
function nextStep(
  retry: Retry,
  attempts: readonly Node[],
):
  | { readonly index: number; readonly deadlineAt?: number }
  | { readonly problem: string }
  | 'over' {
  const last = attempts.at(-1)
  if (last !== undefined && !isEnded(last)) return { index: attempts.length - 1 }
  const next = decide(retry, attempts)
  // argo: of the last attempt the Retry node speaks.
  if (last !== undefined && !isEnded(retry.node)) measureDone(retry.host, last)
  return next === 'over' || 'problem' in next ? next : { index: attempts.length, ...next }
}

/** What follows the last attempt: another one, nothing for now, or nothing at all. */
function decide(
  { host, strategy, node }: Retry,
  attempts: readonly Node[],
): { readonly deadlineAt?: number } | { readonly problem: string } | 'over' {
  const { board } = host
  const all = attempts.map(seen)
  const [first, last] = [all[0], all.at(-1)]
  const tried = first && last && { count: all.length, firstStartedAt: first.startedAt, last }
  const decision = nextAttempt(strategy, tried, {
    now: board.now,
    shutdown: board.shutdown,
    workflowDeadline: board.deadline,
  })
  if ('problem' in decision) return decision
  if ('wait' in decision) {
    board.mark(node, 'Running', decision.message)
    board.wakes.push(decision.wait)
    return 'over'
  }
  if ('phase' in decision) {
    const outputs = attempts.at(-1)?.outputs
    if (outputs !== undefined) board.put(node, 'outputs', outputs)
    board.mark(node, decision.phase, decision.message)
    return 'over'
  }
  // An attempt that fails as soon as it begins is not followed by another in the same pass.
  if (board.born.has(attempts.at(-1)?.id ?? '')) {
    board.wakes.push(board.now)
    return 'over'
  }
  if (attempts.length > 0 && !board.takePlace(unbound(host.frame))) return 'over'
  if (decision.clearMessage) board.put(node, 'message', undefined)
  return decision.deadlineAt === undefined ? {} : { deadlineAt: decision.deadlineAt }
}

/** Of the template around it an attempt has its place already. */
function unbound({ boundary: _, placed: _placed, ...frame }: Frame): Frame {
  return frame
}

function attemptsOf({ board, nodeName }: Host): readonly Node[] {
  const attempts: Node[] = []
  for (let index = 0; ; index++) {
    const node = board.named(`${nodeName}(${index})`)
    if (node === undefined) return attempts
    attempts.push(node)
  }
}

function seen(node: Node): Attempt {
  return {
    phase: node.phase ?? 'Error',
    message: node.message ?? '',
    exitCode: node.outputs?.exitCode,
    startedAt: parseTime(node.startedAt ?? '') ?? 0,
    finishedAt: parseTime(node.finishedAt ?? '') ?? 0,
  }
}

/** The result is why the whole is lost: an attempt that could not be executed is one that failed, when those are retried. */
function walkAttempt(retry: Retry, index: number, deadlineAt?: number): string | undefined {
  const { host, strategy } = retry
  const { board } = host
  const error = runAttempt(retry, index, deadlineAt)
  const attempt = board.named(`${host.nodeName}(${index})`)
  if (error === undefined || attempt === undefined) return error
  board.mark(attempt, 'Error', error)
  const policy = strategy.retryPolicy || (strategy.expression ? 'Always' : 'OnFailure')
  return policy === 'OnFailure' ? error : undefined
}

function runAttempt({ host, node }: Retry, index: number, deadlineAt?: number): string | undefined {
  const { board } = host
  const nodeName = `${host.nodeName}(${index})`
  const scope = host.scope.child()
  const previous = board.named(`${host.nodeName}(${index - 1})`)
  if (runsInPod(host.template)) {
    scope.set('pod.name', podName(board.name, nodeName, host.template.name))
  }
  scope.set('retries', String(index))
  for (const [name, value] of Object.entries(lastRetry(previous))) {
    scope.set(`lastRetry.${name}`, value)
  }
  const { value: template, problem } = substitute(host.template, scope, {})
  if (problem !== undefined) return problem
  const flag: NodeStatus['nodeFlag'] = { ...host.flag, retried: true }
  const link = (attempt: Node) => board.link(node, attempt)
  const limit = deadlineAt === undefined ? {} : { deadlineAt }
  return walkBody({ ...host, nodeName, template, scope, flag, link, ...limit })
}

function lastRetry(previous: Node | undefined): Readonly<Record<string, string>> {
  const { startedAt, finishedAt } = previous ? seen(previous) : { startedAt: 0, finishedAt: 0 }
  return {
    exitCode: previous?.outputs?.exitCode ?? '0',
    duration: String(finishedAt === 0 ? 0 : (finishedAt - startedAt) / 1000),
    status: previous?.phase ?? '',
    message: previous?.message ?? '',
  }
}
