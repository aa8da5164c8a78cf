import type { Step } from '../../spec/workflow.ts'
import { addLoopToScope, addNodeToScope, addSkippedToScope, gaveNothing } from '../aggregate.ts'
import { isLoop } from '../loops.ts'
import { templateOutputs } from '../outputs.ts'
import type { Scope } from '../scope.ts'
import { hasTimedOut, timeoutMessage } from '../timed-out.ts'
import { type Host, isActive, isCounted, isFulfilled, isUnsuccessful, type Node } from './board.ts'
import { addTyped } from './leaf.ts'
import { keep } from './memo.ts'
import { isReturning } from './returning.ts'
import { type Owner, refusalOf, type Seen, walkTask } from './task.ts'

export const failFastMessage = 'template has failed or errored children and failFast enabled'

/** A steps template, group after group. The result is why it could not be executed. */
export function walkSteps(host: Host): string | undefined {
  const { board } = host
  const node = board.named(host.nodeName) ?? addTyped(host, 'Steps', 'Running')
  const scope = host.scope.child()
  let previous: Node | undefined
  const all = host.template.steps ?? []
  const before: Before[] = []
  for (const [index, steps] of all.entries()) {
    const begun = board.named(`${host.nodeName}[${index}]`) !== undefined
    if (!begun && !daemonsServe(host, { node, scope, before, previous })) return undefined
    const group = groupNode(host, { boundary: node, previous, name: `${host.nodeName}[${index}]` })
    const result = walkGroup(host, { boundary: node, group, scope, steps, index })
    if (result === 'stays') return undefined
    if ('problem' in result) return result.problem
    previous = group
    before.push({ group, steps, seen: result.passed })
  }
  if (!daemonsServe(host, { node, scope, before, previous })) return undefined
  const made = templateOutputs(host.template, scope)
  if ('problem' in made) {
    leave(host, node, previous)
    return made.problem
  }
  board.setOutputs(node, made.outputs)
  // argo: a group of nodes succeeds also when its outputs cannot be kept.
  keep(host, node)
  end(host, node, previous, { phase: 'Succeeded' })
  return undefined
}

/** A group that has passed. */
interface Before {
  readonly group: Node
  readonly steps: readonly Step[]
  readonly seen: readonly Seen[]
}

/** What comes next needs the daemons of what came before: alive, and where they are. */
function daemonsServe(
  host: Host,
  place: {
    readonly node: Node
    readonly scope: Scope
    readonly before: readonly Before[]
    readonly previous: Node | undefined
  },
): boolean {
  const { node, scope, before, previous } = place
  const all = before.flatMap(({ steps, seen }) =>
    steps.map((step, at) => [step, seen[at]] as const),
  )
  const daemons = all.filter(([, seen]) => nodesOf(seen).some((one) => wasDaemon(host, one)))
  const dead = daemons.flatMap(([step, seen]) => failedOf(step, seen))[0]
  if (dead !== undefined) {
    end(host, node, previous, { phase: 'Failed', message: `child '${dead.id}' failed` })
    return false
  }
  const nodes = daemons.flatMap(([, seen]) => nodesOf(seen))
  if (nodes.some((one) => isReturning(host.board, one))) return false
  for (const { group, steps, seen } of before) {
    // A daemon that came back has another address.
    for (const [at, step] of steps.entries()) publish(host, { scope, group, step, seen: seen[at] })
  }
  return true
}

function nodesOf(seen: Seen | undefined): readonly Node[] {
  return [...(seen?.items ?? []), seen?.node].filter((node) => node !== undefined)
}

function wasDaemon({ board }: Host, node: Node): boolean {
  return node.daemoned === true || board.visible(node).podIP !== undefined
}

function groupNode(
  { board, inner }: Host,
  place: { readonly boundary: Node; readonly previous: Node | undefined; readonly name: string },
): Node {
  const existing = board.named(place.name)
  if (existing !== undefined) return existing
  const group = board.add({
    nodeName: place.name,
    type: 'StepGroup',
    phase: 'Running',
    templateScope: `${inner.kind}/${inner.name}`,
    boundary: place.boundary,
    flag: {},
  })
  for (const parent of parentsOf(board, place)) board.link(parent, group)
  return group
}

function parentsOf(
  board: Host['board'],
  { boundary, previous }: { readonly boundary: Node; readonly previous: Node | undefined },
): readonly Node[] {
  if (previous === undefined) return [boundary]
  const children = previous.children ?? []
  if (children.length === 0) return [previous]
  return children.flatMap((child) => board.outbound(child)).flatMap((id) => board.nodes[id] ?? [])
}

interface Group {
  readonly boundary: Node
  readonly group: Node
  readonly scope: Scope
  readonly steps: readonly Step[]
  readonly index: number
}

function walkGroup(
  host: Host,
  place: Group,
): { readonly passed: readonly Seen[] } | 'stays' | { readonly problem: string } {
  const { boundary, group, scope, steps } = place
  const seen = walkGroupSteps(host, place)
  if (seen.some((step) => !step.settled)) {
    if (!struckByFailFast(host, boundary)) return 'stays'
    host.board.mark(group, 'Failed', failFastMessage)
    end(host, boundary, group, { phase: 'Failed', message: failFastMessage })
    return 'stays'
  }
  if (!closeGroup(host, { node: boundary, group, steps, seen })) return 'stays'
  for (const [at, step] of steps.entries()) {
    const problem = publish(host, { scope, group, step, seen: seen[at] })
    if (problem !== undefined) return { problem }
  }
  return { passed: seen }
}

function walkGroupSteps(
  host: Host,
  { boundary, group, scope, steps, index }: Group,
): readonly Seen[] {
  const { board } = host
  const owner: Owner = {
    host,
    boundary,
    kind: 'steps',
    scopeOf: () => scope,
    link: (_step, node) => board.link(group, node),
    erred: (message) => {
      if (!isFulfilled(group)) board.mark(group, 'Error', message)
    },
    isLost: () => group.phase === 'Error',
    isPast: () => isFulfilled(group),
    orderOf: (step) => [
      ...host.frame.order,
      index,
      steps.findIndex(({ name }) => name === step.name),
    ],
  }
  for (const step of steps) {
    const refusal = refusalOf(owner, step)
    if (refusal !== undefined) owner.erred(refusal)
  }
  return steps.map((step) => walkTask(owner, step, `${group.name}.${step.name}`))
}

/** A child has failed, none is left that runs, and what waits will never get a place. */
function struckByFailFast({ board, template }: Host, node: Node): boolean {
  if (template.failFast !== true) return false
  const members = board.membersOf(node)
  const failed = members.some((member) => isCounted(member) && isUnsuccessful(member))
  const running = members.filter(({ type, daemoned }) => type !== 'StepGroup' && daemoned !== true)
  return failed && !running.some(isActive)
}

function closeGroup(
  host: Host,
  {
    node,
    group,
    steps,
    seen,
  }: {
    readonly node: Node
    readonly group: Node
    readonly steps: readonly Step[]
    readonly seen: readonly Seen[]
  },
): boolean {
  if (group.phase === 'Error') {
    end(host, node, group, { phase: 'Failed', message: group.message ?? '' })
    return false
  }
  // In a group that has passed only a daemon can have failed since.
  if (group.phase === 'Succeeded') return true
  const failed = steps.flatMap((step, at) => failedOf(step, seen[at]))[0]
  const late = seen.flatMap(nodesOf).some(hasTimedOut)
  if (late || failed !== undefined) {
    const message = late ? timeoutMessage : `child '${failed?.id}' failed`
    host.board.mark(group, 'Failed', message)
    end(host, node, group, { phase: 'Failed', message })
    return false
  }
  host.board.mark(group, 'Succeeded')
  return true
}

function failedOf(step: Step, seen: Seen | undefined): readonly Node[] {
  const nodes = isLoop(step) ? (seen?.items ?? []) : [seen?.node]
  return nodes.filter((node) => node !== undefined).filter((node) => counts(step, node))
}

function counts({ continueOn }: Step, node: Node | undefined): boolean {
  if (node?.phase === 'Failed') return continueOn?.failed !== true
  return node?.phase === 'Error' && continueOn?.error !== true
}

/** Lets later groups see what a step has given. */
function publish(
  { board, inner }: Host,
  {
    scope,
    group,
    step,
    seen,
  }: {
    readonly scope: Scope
    readonly group: Node
    readonly step: Step
    readonly seen: Seen | undefined
  },
): string | undefined {
  const prefix = `steps.${step.name}`
  if (isLoop(step) && seen !== undefined && seen.items.length > 0) {
    const problem = addLoopToScope(scope, prefix, seen.items)
    addNodeToScope(scope, prefix, group)
    return problem?.problem
  }
  if (seen?.node === undefined) return undefined
  addNodeToScope(scope, prefix, board.visible(seen.node))
  if (!gaveNothing(seen.node)) return undefined
  const resolved = board.templates.resolve(inner, step, step.name)
  if ('problem' in resolved) return undefined
  addSkippedToScope(scope, prefix, resolved.template, { artifacts: true })
  return undefined
}

function end(
  host: Host,
  node: Node,
  last: Node | undefined,
  { phase, message }: { readonly phase: 'Succeeded' | 'Failed'; readonly message?: string },
): void {
  leave(host, node, last)
  host.board.mark(node, phase, message)
}

function leave({ board }: Host, node: Node, last: Node | undefined): void {
  const outbound = (last?.children ?? []).flatMap((child) => board.outbound(child))
  if (outbound.length > 0) board.put(node, 'outboundNodes', outbound)
}
