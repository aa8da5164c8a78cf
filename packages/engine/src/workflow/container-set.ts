import type { Container, Pod } from '../spec/pod.ts'
import type { NodePhase } from '../spec/status.ts'
import type { ContainerNode, Template } from '../spec/workflow.ts'
import { createNode, type Host } from './host.ts'
import type { NodeRecord } from './nodes.ts'
import { endOfMain } from './observe-end.ts'

/** The containers of a container set; none when the template is of another kind. */
export function membersOf({ container, containerSet }: Template): readonly ContainerNode[] {
  return container === undefined ? (containerSet?.containers ?? []) : []
}

/** A container set's members as containers of a pod: each sees the set's own volumes too. */
export function memberContainers(template: Template): readonly Container[] {
  const shared = template.containerSet?.volumeMounts ?? []
  return membersOf(template).map(({ dependencies: _, ...container }) =>
    shared.length === 0
      ? container
      : { ...container, volumeMounts: [...(container.volumeMounts ?? []), ...shared] },
  )
}

export function memberName(podNodeName: string, container: string): string {
  return `${podNodeName}.${container}`
}

export interface MemberState {
  readonly phase: NodePhase
  readonly message?: string
}

/** What a pod says of one member; undefined when it says nothing. argo: the middle of assessNodeStatus. */
export function memberState({ status }: Pod, container: string): MemberState | undefined {
  const member = status?.containerStatuses?.find(({ name }) => name === container)
  const state = member?.state
  const ended = member && endOfMain(member)
  if (ended !== undefined) {
    if (ended.exitCode === 0) return { phase: 'Succeeded' }
    const { reason = '', message = '', exitCode } = ended
    return {
      // argo: 64 is how the emissary says that it, and not the user's program, has failed.
      phase: exitCode === 64 ? 'Error' : 'Failed',
      message: `${container}: ${reason} (exit code ${exitCode}): ${message}`,
    }
  }
  if (state === undefined) return undefined
  if (status?.phase === 'Failed') {
    return { phase: 'Failed', message: 'Pod Failed whilst container running' }
  }
  if (state.waiting !== undefined) return { phase: 'Pending' }
  return state.running === undefined ? undefined : { phase: 'Running' }
}

/** What becomes of a member of which its pod has said nothing to the end. */
export function memberEnd(phase: NodePhase, message: string): MemberState {
  if (phase === 'Succeeded') return { phase }
  return { phase: phase === 'Error' ? 'Error' : 'Failed', message }
}

export const memberDeleted: MemberState = { phase: 'Error', message: 'container deleted' }

type MemberHost = Pick<Host, 'run' | 'flag' | 'templateScope'> & {
  readonly spec: Pick<Host['spec'], 'use' | 'onExit'>
}

/** The nodes of a container set's members, below the node of their pod. */
export class MemberNodes {
  readonly #host: MemberHost
  readonly #pod: NodeRecord
  readonly #members: readonly ContainerNode[]
  #complete = false

  constructor(host: MemberHost, pod: NodeRecord, members: readonly ContainerNode[]) {
    this.#host = host
    this.#pod = pod
    this.#members = members
  }

  /** Makes those that are not there yet. */
  create(): void {
    if (this.#complete) return
    this.#complete = true
    for (const { name } of this.#members) if (this.#node(name) === undefined) this.#create(name)
    for (const { name, dependencies = [] } of this.#members) {
      const node = this.#node(name)
      if (node === undefined) continue
      if (dependencies.length === 0) this.#link(this.#pod, node)
      for (const dependency of dependencies) this.#link(this.#node(dependency), node)
    }
  }

  observe(pod: Pod): void {
    this.create()
    for (const { name } of this.#members) this.#mark(name, memberState(pod, name))
  }

  /** The pod's node is over: nothing in it goes on. */
  end(phase: NodePhase, message: string): void {
    for (const { name } of this.#members) {
      if (this.#node(name)?.fulfilled === false) this.#mark(name, memberEnd(phase, message))
    }
  }

  /** argo: markAllContainersDeleted takes those that have ended too. */
  podGone(): void {
    for (const { name } of this.#members) this.#mark(name, memberDeleted)
  }

  #node(name: string): NodeRecord | undefined {
    return this.#host.run.nodes.named(memberName(this.#pod.status.name, name))
  }

  #mark(name: string, state: MemberState | undefined): void {
    const node = this.#node(name)
    if (node !== undefined && state !== undefined) {
      this.#host.run.mark(node, state.phase, state.message)
    }
  }

  #create(name: string): void {
    const { run, spec, flag, templateScope } = this.#host
    createNode(run, {
      nodeName: memberName(this.#pod.status.name, name),
      type: 'Container',
      phase: 'Pending',
      use: spec.use,
      templateScope,
      boundary: this.#pod,
      flag,
      onExit: spec.onExit,
    })
  }

  #link(parent: NodeRecord | undefined, child: NodeRecord): void {
    if (parent !== undefined) this.#host.run.nodes.link(parent, child.id)
  }
}
