import type { Pod } from '../spec/pod.ts'
import type { NodeStatus, StepPlan } from '../spec/status.ts'
import type { Template } from '../spec/workflow.ts'
import { MemberNodes, membersOf } from './container-set.ts'
import { remember } from './memo/run-caches.ts'
import { podName } from './names.ts'
import type { NodeRecord } from './nodes.ts'
import { type Observation, observePod } from './observe.ts'
import { observeTask } from './observe-task.ts'
import { hasEnded } from './pod-ended.ts'
import { takeFacts } from './pod-facts.ts'
import { reasonToEnd, shutdownMessage } from './reason-to-end.ts'
import { type Leaf, type RunState, reportTimeoutMs } from './run-state.ts'
import type { Holder } from './templates.ts'

const planAnnotation = 'workflows.argoproj.io/template'

/**
 * A Pod node of a suspended workflow. It knows its pod and nothing around it: nobody hears of its end before the workflow
 * goes on, and nothing begins. What its template asks of it stands with the pod.
 */
export class FrozenLeaf implements Leaf {
  readonly node: NodeRecord
  readonly #run: RunState
  readonly #podName: string
  #reportAwaited = false
  #reportOverdue = false

  constructor(run: RunState, node: NodeRecord) {
    const { name, templateName, templateRef } = node.status
    this.#run = run
    this.node = node
    this.#podName = podName(run.name, run.hashedName(name), templateName ?? templateRef?.template)
    node.podName = this.#podName
  }

  start(): void {
    this.#run.leaves.set(this.#podName, this)
    this.observe()
    const run = this.#run
    if (this.node.ended) return
    const reason = reasonToEnd(run, this.node, shutdownMessage(this.node.status.type, run.shutdown))
    if (reason !== undefined) this.end(reason)
    else if (!run.pods.has(this.#podName)) this.podGone()
  }

  observe(): void {
    const { node } = this
    const pod = this.#run.pods.get(this.#podName)
    if (pod === undefined || node.ended) return
    const template = this.#template
    const members = this.#membersOf(template)
    members?.observe(pod)
    const read = node.status.type === 'Pod' ? observePod : observeTask
    const seen = read(pod, this.#run.results.get(node.id), {
      expectsResult: !this.#reportOverdue && planIn(pod) !== undefined,
      daemon: template.daemon === true,
      now: this.#run.now,
      ...(members && { mains: membersOf(template).map(({ name }) => name) }),
    })
    takeFacts(this.#run, node, seen, pod)
    this.#take(seen, members)
    if (hasEnded(pod) && !node.ended) this.#awaitReport()
  }

  #awaitReport(): void {
    if (this.#reportAwaited) return
    this.#reportAwaited = true
    this.#run.timer(this.#run.now + reportTimeoutMs, () => {
      this.#reportOverdue = true
      this.observe()
    })
  }

  #take({ phase, message = '', daemoned }: Observation, members: MemberNodes | undefined): void {
    const { node } = this
    if (phase !== 'Pending' && phase !== 'Running') {
      const unkept = phase === 'Succeeded' ? this.#remember() : undefined
      if (unkept === undefined) this.#finish(phase, message, members)
      else this.#finish('Error', unkept, members)
      return
    }
    if (node.status.daemoned === true) return
    this.#run.mark(node, phase, message)
    if (daemoned === true) this.#run.nodes.setDaemoned(node, true)
  }

  // argo: podReconciliation keeps the outputs, by what the node says of its cache.
  #remember(): string | undefined {
    const { memoizationStatus } = this.node.status
    if (memoizationStatus === undefined || memoizationStatus.hit) return undefined
    const { key, cacheName } = memoizationStatus
    const template = { memoize: { key, maxAge: '', cache: { configMap: { name: cacheName } } } }
    return remember({ run: this.#run, template }, this.node)
  }

  /** Without a pod a node that is Pending gets one when the workflow goes on. */
  podGone(): void {
    if (this.node.ended || this.node.status.phase === 'Pending') return
    this.#membersOf(this.#template)?.podGone()
    this.#finish('Error', 'pod deleted')
  }

  end(message: string): void {
    if (this.node.status.daemoned === true) this.kill()
    else this.#stop('Failed', message)
  }

  kill(): void {
    this.#stop('Succeeded', '')
  }

  #stop(phase: 'Succeeded' | 'Failed', message: string): void {
    if (this.node.ended) return
    this.#run.stop.push({ name: this.#podName, mode: 'deadline' })
    this.#finish(phase, message)
  }

  #finish(
    phase: NonNullable<NodeStatus['phase']>,
    message: string,
    members = this.#membersOf(this.#template),
  ): void {
    const run = this.#run
    const pod = run.pods.get(this.#podName)
    if (pod !== undefined && hasEnded(pod)) run.release.push(this.#podName)
    run.leaves.delete(this.#podName)
    run.pods.delete(this.#podName)
    run.results.delete(this.node.id)
    members?.end(phase, message)
    run.nodes.setDaemoned(this.node, false)
    run.mark(this.node, phase, message)
    run.locks.release(run.locks.holderOf(this.node.id))
  }

  /** As it is written: arguments do not decide what is asked of it here. */
  get #template(): Template {
    const pod = this.#run.pods.get(this.#podName)
    const plan = pod && planIn(pod)
    if (plan !== undefined) return (JSON.parse(plan) as StepPlan).template
    const { templateName, templateRef, templateScope = '' } = this.node.status
    const use = { template: templateName, templateRef }
    const found = this.#run.templates.resolve(holderOf(templateScope), use)
    return 'problem' in found ? { name: '' } : found.template
  }

  #membersOf(template: Template): MemberNodes | undefined {
    const members = membersOf(template)
    if (members.length === 0) return undefined
    const { templateName, templateRef, templateScope = '', nodeFlag } = this.node.status
    const use = {
      ...(templateName !== undefined && { template: templateName }),
      ...(templateRef !== undefined && { templateRef }),
    }
    const spec = { use, onExit: this.node.onExit }
    const host = { run: this.#run, spec, flag: nodeFlag, templateScope }
    return new MemberNodes(host, this.node, members)
  }
}

/** Whoever has a plan reports what came of it. */
function planIn({ metadata }: Pod): string | undefined {
  return metadata.annotations?.[planAnnotation]
}

function holderOf(templateScope: string): Holder {
  const slash = templateScope.indexOf('/')
  const kind = templateScope.slice(0, slash)
  const name = templateScope.slice(slash + 1)
  return { kind: kind === 'cluster' || kind === 'namespaced' ? kind : 'local', name }
}
