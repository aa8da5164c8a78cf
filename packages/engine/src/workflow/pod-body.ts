import type { Pod } from '../spec/pod.ts'
import type { NodeStatus } from '../spec/status.ts'
import { parseTime } from '../spec/time.ts'
import { MemberNodes, membersOf } from './container-set.ts'
import type { Daemon } from './daemons.ts'
import { needsGlimpse } from './glimpse.ts'
import { type Body, type Host, nodeOf } from './host.ts'
import { remember } from './memo/run-caches.ts'
import { invocationName, podName } from './names.ts'
import type { NodeRecord } from './nodes.ts'
import { type Observation, observePod } from './observe.ts'
import { isTask, leafType, observeTask } from './observe-task.ts'
import { hasEnded, notCreated } from './pod-ended.ts'
import { takeFacts } from './pod-facts.ts'
import { archivesLogs, capturesResult, needsExecutor, podFor } from './pod-for.ts'
import { reasonToEnd, shutdownMessage } from './reason-to-end.ts'
import { type Leaf, reportTimeoutMs } from './run-state.ts'
import { timeoutMessage, timeoutMs } from './timed-out.ts'

/** A node that is one pod: container and script templates. */
export class PodBody implements Body, Leaf, Daemon {
  readonly #host: Host
  #podName = ''
  #node: NodeRecord | undefined
  /** Of a container set. */
  #members: MemberNodes | undefined
  #reportAwaited = false
  #reportOverdue = false
  /** The pass in which it became Running. */
  #ranIn: number | undefined

  constructor(host: Host) {
    this.#host = host
  }

  get node(): NodeRecord {
    if (this.#node === undefined) throw new Error(`${this.#host.nodeName} has no node yet`)
    return this.#node
  }

  start(existing: NodeRecord | undefined): void {
    const { run, spec } = this.#host
    run.countStart()
    this.#node = existing ?? this.#create()
    const { nodeName, template } = this.#host
    this.#podName = podName(run.name, run.hashedName(nodeName), template.name)
    this.#node.podName = this.#podName
    this.#node.onExit = spec.onExit
    const members = membersOf(template)
    if (members.length > 0) this.#members = new MemberNodes(this.#host, this.#node, members)
    if (existing === undefined && !run.mayExecute(spec.onExit)) {
      // argo: createWorkflowPod's guard (one space), unlike that of running pods (two).
      const refused = `workflow shutdown with strategy: ${run.shutdown}`
      const { type } = this.#node.status
      this.#finish('Failed', isTask(template) ? shutdownMessage(type, run.shutdown) : refused)
      return
    }
    run.leaves.set(this.#podName, this)
    if (existing?.status.daemoned === true) this.#serve()
    this.observe()
    if (existing === undefined || !this.#endsAtOnce()) this.#resume(existing !== undefined)
  }

  /** A node that is taken up again may have to end: nobody else will say so. */
  #endsAtOnce(): boolean {
    const { run } = this.#host
    if (this.node.ended) return true
    const message = reasonToEnd(
      run,
      this.node,
      shutdownMessage(this.node.status.type, run.shutdown),
    )
    if (message !== undefined) this.end(message)
    return message !== undefined
  }

  #resume(begunBefore: boolean): void {
    if (this.node.ended) return
    const limits = this.#timeLimits()
    if (limits === undefined) return
    const { run } = this.#host
    // It may have been due while the workflow was suspended.
    if (begunBefore && limits.some((at) => at <= run.now)) this.#timeout()
    if (!this.node.ended && !run.pods.has(this.#podName)) this.podGone()
    if (this.node.ended) return
    for (const at of limits) run.timer(at, () => this.#timeout())
  }

  #create(): NodeRecord {
    const node = nodeOf(this.#host, leafType(this.#host.template), 'Pending')
    this.#host.created(node)
    return node
  }

  #createPod(): void {
    const { run, template, spec } = this.#host
    const deadlines = [spec.onExit ? undefined : run.deadline, this.#host.deadlineAt]
    const deadlineAt = Math.min(...deadlines.map((at) => at ?? Number.POSITIVE_INFINITY))
    const claims = run.status.get('persistentVolumeClaims')
    const failedHosts = this.#host.failedHosts ?? spec.boundary?.failedHosts
    const made = podFor({
      ...(claims !== undefined && { claims }),
      workflow: run.workflow,
      spec: run.spec,
      template,
      globals: run.globals,
      nodeId: this.node.id,
      nodeName: this.#host.nodeName,
      podName: this.#podName,
      includeResult: this.#includeResult,
      ...(run.world.parseYaml && { parseYaml: run.world.parseYaml }),
      now: run.now,
      startedAt: this.#startedAt,
      ...(failedHosts && { avoid: failedHosts() }),
      onExit: spec.onExit,
      ...(spec.boundary !== undefined && { boundaryTemplate: spec.boundary.template }),
      ...(run.archive !== undefined && { artifactRepository: run.archive }),
      ...(Number.isFinite(deadlineAt) && { deadlineAt }),
    })
    if ('expired' in made) this.#finish('Failed', 'Step exceeded its deadline')
    else if ('problem' in made) this.#fail(made.problem)
    else {
      run.create.push(made.pod)
      this.#members?.create()
    }
  }

  get #startedAt(): number {
    return parseTime(this.node.status.startedAt ?? '') ?? this.#host.run.now
  }

  get #includeResult(): boolean {
    const { boundary, invokedBy } = this.#host.spec
    if (boundary === undefined || invokedBy === undefined) return false
    return capturesResult(boundary.template, invocationName(this.#host.nodeName))
  }

  get #reports(): boolean {
    const { template, run } = this.#host
    return (
      needsExecutor(template, this.#includeResult) || archivesLogs(template, run.spec, run.archive)
    )
  }

  /** Reads pod and report again; does nothing until something new is known. */
  observe(): void {
    const { run, template } = this.#host
    const pod = run.pods.get(this.#podName)
    if (pod === undefined || this.node.ended) return
    if (pod.status?.reason === notCreated) {
      run.pods.delete(this.#podName)
      this.#fail(pod.status.message ?? '')
      return
    }
    this.#members?.observe(pod)
    const read = isTask(template) ? observeTask : observePod
    const seen = read(pod, run.results.get(this.node.id), {
      expectsResult: !this.#reportOverdue && this.#reports,
      daemon: template.daemon === true,
      now: run.now,
      ...(this.#members && { mains: membersOf(template).map(({ name }) => name) }),
    })
    if (this.#glimpsed(seen, pod)) return
    this.#take(seen, pod)
    if (hasEnded(pod) && !this.node.ended) this.#awaitReport()
  }

  /** Shows it Running for the rest of this pass, when somebody wants to see that. */
  #glimpsed(seen: Observation, pod: Pod): boolean {
    const { run, spec, template, flag } = this.#host
    const unseen = this.node.status.phase === 'Pending' || this.#ranIn === run.pass
    if (!unseen || flag?.retried === true || isTask(template)) return false
    if (!needsGlimpse(pod, seen, { hooks: spec.hooks, daemon: template.daemon })) return false
    if (reasonToEnd(run, this.node, 'stopped') !== undefined) return false
    const { finishedAt: _, resourcesDuration: __, ...facts } = seen
    takeFacts(run, this.node, facts, pod)
    run.mark(this.node, 'Running', '')
    this.#ranIn = run.pass
    run.timer(run.now, () => this.observe())
    return true
  }

  #awaitReport(): void {
    if (this.#reportAwaited) return
    this.#reportAwaited = true
    this.#host.run.timer(this.#host.run.now + reportTimeoutMs, () => {
      this.#reportOverdue = true
      this.observe()
    })
  }

  #take(seen: Observation, pod: Pod): void {
    takeFacts(this.#host.run, this.node, seen, pod)
    if (seen.phase === 'Pending' || seen.phase === 'Running') this.#takeRunning(seen)
    else this.#conclude(seen.phase, seen.message ?? '')
  }

  #conclude(phase: Observation['phase'], message: string): void {
    const unkept = phase === 'Succeeded' ? remember(this.#host, this.node) : undefined
    if (unkept === undefined) this.#finish(phase, message)
    else this.#finish('Error', unkept)
  }

  #takeRunning({ phase, message = '', daemoned }: Observation): void {
    const { run } = this.#host
    // A daemon that is not ready for a while stays one.
    if (this.node.status.daemoned === true) return
    if (phase === 'Running' && this.node.status.phase === 'Pending') this.#ranIn = run.pass
    run.mark(this.node, phase, message)
    if (daemoned !== true) return
    run.nodes.setDaemoned(this.node, true)
    this.#serve()
  }

  #serve(): void {
    const { run } = this.#host
    run.daemons.add(this.node.boundary, this)
    this.#host.done(this.node)
  }

  kill(): void {
    if (this.node.ended) return
    this.#host.run.stop.push({ name: this.#podName, mode: 'deadline' })
    this.#finish('Succeeded', '')
  }

  podGone(): void {
    if (this.node.ended) return
    if (this.node.status.phase === 'Pending') this.#createPod()
    else {
      this.#members?.podGone()
      this.#finish('Error', 'pod deleted')
    }
  }

  end(message: string): void {
    if (this.node.status.daemoned === true) this.kill()
    if (this.node.ended) return
    this.#host.run.stop.push({ name: this.#podName, mode: 'deadline' })
    this.#finish('Failed', message)
  }

  #finish(phase: NonNullable<NodeStatus['phase']>, message: string): void {
    const { run } = this.#host
    this.#forget()
    this.#members?.end(phase, message)
    run.daemons.remove(this.node.boundary, this)
    run.nodes.setDaemoned(this.node, false)
    run.mark(this.node, phase, message)
    this.#host.done(this.node)
  }

  #fail(problem: string): void {
    this.#forget()
    this.#members?.end('Error', problem)
    this.#host.failed(problem)
  }

  #forget(): void {
    const { run } = this.#host
    run.leaves.delete(this.#podName)
    const pod = run.pods.get(this.#podName)
    if (pod !== undefined && hasEnded(pod)) run.release.push(this.#podName)
    run.pods.delete(this.#podName)
    run.results.delete(this.node.id)
  }

  // argo: checkTemplateTimeouts; a running pod has the time left as its own deadline.
  #timeLimits(): readonly number[] | undefined {
    const { template } = this.#host
    const limits: number[] = []
    for (const limit of [template.timeout, template.pendingTimeout]) {
      if (limit === undefined || limit === '') continue
      const parsed = timeoutMs(limit)
      if ('problem' in parsed) {
        this.#fail(parsed.problem)
        return undefined
      }
      limits.push(this.#startedAt + parsed.ms)
    }
    return limits
  }

  #timeout(): void {
    if (this.node.ended || this.node.status.phase !== 'Pending') return
    this.#host.run.stop.push({ name: this.#podName, mode: 'delete' })
    this.#finish('Failed', timeoutMessage)
  }
}
