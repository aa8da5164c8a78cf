import { parseDuration } from '../../spec/duration.ts'
import type { Pod } from '../../spec/pod.ts'
import type { NodeStatus } from '../../spec/status.ts'
import { parseTime } from '../../spec/time.ts'
import type { Outputs, Parameter, Template } from '../../spec/workflow.ts'
import {
  type MemberState,
  memberDeleted,
  memberEnd,
  memberName,
  memberState,
  membersOf,
} from '../container-set.ts'
import { displayNameOf } from '../display-name.ts'
import { needsGlimpse } from '../glimpse.ts'
import { invocationName, podName } from '../names.ts'
import { type Observation, observePod } from '../observe.ts'
import { isTask, leafType, observeTask } from '../observe-task.ts'
import { archivesLogs, capturesResult, needsExecutor, podFor } from '../pod-for.ts'
import { shutdownMessage } from '../reason-to-end.ts'
import { withChoices } from '../suspend-inputs.ts'
import { timeoutMessage, timeoutMs } from '../timed-out.ts'
import { type Board, type Host, isEnded, type Node } from './board.ts'
import { measureBegun } from './measuring.ts'
import { keep } from './memo.ts'

/** A node that is one pod. The result is why it could not be executed. */
export function walkPod(host: Host): string | undefined {
  const { board, frame } = host
  const existing = board.named(host.nodeName)
  const node = existing ?? addTyped(host, leafType(host.template), 'Pending')
  const name = podName(board.name, host.nodeName, host.template.name)
  if (board.create.has(name)) return undefined
  if (existing === undefined && !board.mayExecute(frame.onExit)) {
    board.mark(node, 'Failed', refusedWords(host, node))
    return undefined
  }
  const pod = board.pods.get(name)
  if (pod !== undefined) observe(host, node, pod)
  if (isEnded(node)) return undefined
  const ended = existing && node.daemoned !== true && endOf(board, node, frame.onExit)
  if (ended) {
    board.stop.push({ name, mode: 'deadline' })
    markAll(host, node, memberEnd('Failed', ended))
    board.mark(node, 'Failed', ended)
    return undefined
  }
  const late = timeOut(host, node, name)
  if (isEnded(node)) return undefined
  const problem = late ?? (pod === undefined ? withoutPod(host, node, name) : undefined)
  if (problem !== undefined) markAll(host, node, memberEnd('Error', problem))
  return problem
}

/** What a node says that begins after a shutdown. */
function refusedWords({ board, template }: Host, { type }: Node): string {
  if (isTask(template)) return shutdownMessage(type, board.shutdown)
  return `workflow shutdown with strategy: ${board.shutdown}`
}

/** The same while the workflow is suspended: nothing is created, nothing times out, nobody hears of an end. */
export function walkFrozenPod(host: Host, node: Node): void {
  const { board, frame, template } = host
  const name = podName(board.name, node.name, template.name)
  const pod = board.pods.get(name)
  if (pod !== undefined) observe(host, node, pod)
  if (isEnded(node)) return
  const ended = node.daemoned === true ? undefined : endOf(board, node, frame.onExit)
  if (ended !== undefined) {
    board.stop.push({ name, mode: 'deadline' })
    markAll(host, node, memberEnd('Failed', ended))
    board.mark(node, 'Failed', ended)
  } else if (pod === undefined && node.phase === 'Running') withoutPod(host, node, name)
}

function withoutPod(host: Host, node: Node, name: string): string | undefined {
  if (node.phase !== 'Running') return submit(host, node, name)
  for (const { name: member } of membersOf(host.template))
    markMember(host, node, member, memberDeleted)
  host.board.mark(node, 'Error', 'pod deleted')
  return undefined
}

/** Why a node that has begun must end now. */
function endOf(board: Board, node: Node, onExit: boolean): string | undefined {
  if (!board.mayExecute(onExit)) return shutdownMessage(node.type, board.shutdown)
  return board.late && !onExit ? 'Step exceeded its deadline' : undefined
}

export function addTyped(
  host: Host,
  type: NodeStatus['type'],
  phase: NonNullable<NodeStatus['phase']>,
): Node {
  const { board, frame, template } = host
  const node = board.add({
    nodeName: host.nodeName,
    type,
    phase,
    use: frame.use,
    inputs: template.inputs,
    templateScope: `${frame.holder.kind}/${frame.holder.name}`,
    boundary: frame.boundary?.node,
    flag: host.flag,
    displayName: displayNameOf(template),
  })
  const { memoize } = template
  if (memoize !== undefined) {
    const cacheName = memoize.cache?.configMap?.name ?? ''
    board.put(node, 'memoizationStatus', { hit: false, key: memoize.key ?? '', cacheName })
  }
  host.link(node)
  measureBegun(host, node)
  return node
}

/** The nodes of a container set's members, each below those that it waits for, or below the pod. */
function addMembers(host: Host, pod: Node): void {
  const { board, frame } = host
  const members = membersOf(host.template)
  for (const { name } of members) {
    if (memberOf(host, pod, name) !== undefined) continue
    board.add({
      nodeName: memberName(pod.name, name),
      type: 'Container',
      phase: 'Pending',
      use: frame.use,
      templateScope: `${frame.holder.kind}/${frame.holder.name}`,
      boundary: pod,
      flag: host.flag,
    })
  }
  for (const { name, dependencies = [] } of members) {
    const node = memberOf(host, pod, name)
    const parents =
      dependencies.length === 0 ? [pod] : dependencies.map((one) => memberOf(host, pod, one))
    for (const parent of parents) if (node && parent) board.link(parent, node)
  }
}

function memberOf({ board }: Host, pod: Node, name: string): Node | undefined {
  return board.named(memberName(pod.name, name))
}

function markMember(host: Host, pod: Node, name: string, state: MemberState | undefined): void {
  const node = memberOf(host, pod, name)
  if (node && state) host.board.mark(node, state.phase, state.message)
}

/** Those that have not ended. */
function markAll(host: Host, pod: Node, state: MemberState): void {
  for (const { name } of membersOf(host.template)) {
    const node = memberOf(host, pod, name)
    if (node && !isEnded(node)) markMember(host, pod, name, state)
  }
}

function includesResult({ frame, nodeName }: Host): boolean {
  const { boundary, invokedBy } = frame
  if (boundary === undefined || invokedBy === undefined) return false
  return capturesResult(boundary.template, invocationName(nodeName))
}

function observe(host: Host, node: Node, pod: Pod): void {
  const { board, template } = host
  addMembers(host, node)
  const members = membersOf(template).map(({ name }) => name)
  for (const member of members) markMember(host, node, member, memberState(pod, member))
  const read = isTask(template) ? observeTask : observePod
  const seen = read(pod, board.results.get(node.id), {
    expectsResult:
      needsExecutor(template, includesResult(host)) ||
      archivesLogs(template, board.spec, undefined),
    daemon: template.daemon === true,
    now: board.now,
    ...(members.length > 0 && { mains: members }),
  })
  const hostNodeName = seen.hostNodeName ?? (isTask(template) ? undefined : pod.spec.nodeName)
  const glimpsed = glimpse(host, node, pod, seen)
  const { finishedAt: _, resourcesDuration: __, ...facts } = seen
  const known = glimpsed ? facts : seen
  putFacts(host, node, { ...known, ...(hostNodeName !== undefined && { hostNodeName }) })
  board.setOutputs(node, seen.outputs)
  if (!glimpsed) takePhase(host, node, seen)
}

/** True when hooks are to see it Running first, in this pass. */
function glimpse({ board, frame, template, flag }: Host, node: Node, pod: Pod, seen: Observation) {
  const unseen = node.phase === 'Pending' || board.glimpsed.has(node.id)
  if (!unseen || flag?.retried === true || isTask(template)) return false
  if (!needsGlimpse(pod, seen, { hooks: frame.hooks, daemon: template.daemon })) return false
  if (endOf(board, node, frame.onExit) !== undefined) return false
  board.glimpsed.add(node.id)
  board.mark(node, 'Running', '')
  board.wakes.push(board.now)
  return true
}

/** A daemon that is not ready for a while stays one. */
function takePhase(host: Host, node: Node, { phase, message = '', daemoned }: Observation): void {
  const runs = phase === 'Pending' || phase === 'Running'
  if (runs && node.daemoned === true) return
  const unkept = phase === 'Succeeded' ? keep(host, node) : undefined
  if (unkept !== undefined) {
    markAll(host, node, memberEnd('Error', unkept))
    host.board.mark(node, 'Error', unkept)
    return
  }
  if (!runs) markAll(host, node, memberEnd(phase, message))
  host.board.mark(node, phase, message)
  if (daemoned !== true) return
  host.board.put(node, 'daemoned', true)
  host.board.book?.giveBack(host.board.holderOf(node.id))
}

function putFacts({ board }: Host, node: Node, facts: Observation): void {
  for (const field of [
    'hostNodeName',
    'podIP',
    'progress',
    'resourcesDuration',
    'finishedAt',
  ] as const) {
    if (facts[field] !== undefined) board.put(node, field, facts[field])
  }
}

function submit(host: Host, node: Node, name: string): string | undefined {
  const { board, frame, template } = host
  const workflowDeadline = frame.onExit ? undefined : board.deadline
  const deadlines = [workflowDeadline, host.deadlineAt].filter((at) => at !== undefined)
  const made = podFor({
    ...(board.claims !== undefined && { claims: board.claims }),
    workflow: board.workflow,
    spec: board.spec,
    template,
    globals: board.globals,
    nodeId: node.id,
    nodeName: host.nodeName,
    podName: name,
    includeResult: includesResult(host),
    ...(board.world.parseYaml && { parseYaml: board.world.parseYaml }),
    now: board.now,
    startedAt: parseTime(node.startedAt ?? '') ?? board.now,
    onExit: frame.onExit,
    ...(frame.boundary !== undefined && { boundaryTemplate: frame.boundary.template }),
    ...(deadlines.length > 0 && { deadlineAt: Math.min(...deadlines) }),
  })
  if ('problem' in made) return made.problem
  if ('expired' in made) board.mark(node, 'Failed', 'Step exceeded its deadline')
  else {
    board.create.set(name, made.pod)
    addMembers(host, node)
    board.changed = true
  }
  return undefined
}

function timeOut(host: Host, node: Node, name: string): string | undefined {
  const { board, template } = host
  if (node.phase !== 'Pending') return undefined
  const since = parseTime(node.startedAt ?? '') ?? board.now
  for (const limit of [template.timeout, template.pendingTimeout].filter(Boolean)) {
    const parsed = timeoutMs(limit ?? '')
    if ('problem' in parsed) return parsed.problem
    const at = since + parsed.ms
    if (at <= board.now && !board.born.has(node.id)) {
      board.stop.push({ name, mode: 'delete' })
      markAll(host, node, memberEnd('Failed', timeoutMessage))
      board.mark(node, 'Failed', timeoutMessage)
      return undefined
    }
    board.wakes.push(at)
  }
  return undefined
}

/** A node that waits. The result is why it could not be executed. */
export function walkSuspend(host: Host): string | undefined {
  const { board, frame, template } = host
  const existing = board.named(host.nodeName)
  const node = existing ?? addSuspend(host)
  const duration = suspendMs(template.suspend?.duration)
  if (typeof duration === 'string') return duration
  if (!board.mayExecute(frame.onExit)) {
    board.mark(node, 'Failed', `Stopped with strategy '${board.shutdown}'`)
    return undefined
  }
  if (board.late && !frame.onExit) {
    board.mark(node, 'Failed', 'Step exceeded its deadline')
    return undefined
  }
  if (duration === undefined) return undefined
  const at = (parseTime(node.startedAt ?? '') ?? board.now) + duration
  if (at > board.now) {
    board.wakes.push(at)
    return undefined
  }
  const filled = filledIn(node.outputs)
  if (typeof filled === 'string') return filled
  board.setOutputs(node, filled)
  board.mark(node, 'Succeeded')
  return undefined
}

function addSuspend(host: Host): Node {
  const node = addTyped(host, 'Suspend', 'Running')
  host.board.put(node, 'inputs', withChoices(node.inputs))
  const supplied = (host.template.outputs?.parameters ?? [])
    .filter(({ valueFrom }) => valueFrom?.supplied !== undefined)
    .map((parameter) => withInputDefault(parameter, host.template))
  if (supplied.length > 0) host.board.put(node, 'outputs', { parameters: supplied })
  return node
}

function withInputDefault(parameter: Parameter, { inputs }: Template): Parameter {
  const input = inputs?.parameters?.find(({ name }) => name === parameter.name)
  if (parameter.valueFrom?.default !== undefined || input?.default === undefined) return parameter
  return { ...parameter, valueFrom: { ...parameter.valueFrom, default: input.default } }
}

function suspendMs(duration: string | number | undefined): number | string | undefined {
  if (duration === undefined || duration === '') return undefined
  const text = String(duration)
  if (/^[+-]?\d+$/.test(text)) return Number(text) * 1000
  const parsed = parseDuration(text)
  return 'error' in parsed ? `unable to parse ${text} as a duration: ${parsed.error}` : parsed.ms
}

/** Every supplied output that nobody has given takes its default; a text says which one has none. */
function filledIn(outputs: Outputs | undefined): Outputs | string | undefined {
  const parameters: Parameter[] = []
  for (const { valueFrom, ...rest } of outputs?.parameters ?? []) {
    if (rest.value !== undefined || valueFrom?.supplied === undefined) {
      parameters.push({ ...rest, ...(valueFrom !== undefined && { valueFrom }) })
    } else if (valueFrom.default !== undefined) {
      parameters.push({ ...rest, value: valueFrom.default })
    } else {
      return `raw output parameter '${rest.name}' has not been set and does not have a default value`
    }
  }
  return parameters.length === 0 ? undefined : { ...outputs, parameters }
}
