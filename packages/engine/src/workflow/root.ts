import type { WorkflowPhase } from '../spec/status.ts'
import { parseTime } from '../spec/time.ts'
import type { Arguments, LifecycleHook } from '../spec/workflow.ts'
import { Call, type Caller } from './call.ts'
import { budgetOf, claimsToRemove, refOf } from './dependents.ts'
import { setWorkflowDuration, setWorkflowStatus } from './globals.ts'
import { guardArtifacts } from './guard-artifacts.ts'
import type { TemplateUse } from './host.ts'
import { LifecycleHooks, lifecycleHooks } from './life-cycle-hooks.ts'
import type { NodeRecord } from './nodes.ts'
import { publishEnd } from './publish.ts'
import { rootHookSite, setEntryStatus } from './root-hooks.ts'
import type { Progress, RunState } from './run-state.ts'
import { timeoutOf } from './timed-out.ts'
import { sumUp } from './totals.ts'
import { workflowPhase } from './workflow-phase.ts'

/** The workflow itself: its entrypoint, then its exit handler, then its end. argo: the last third of operate. */
export class Root implements Caller, Progress {
  queued = false
  readonly #run: RunState
  #entry: Call | undefined
  #exit: Call | undefined
  #hooks: LifecycleHooks | undefined
  #hooksOver = false

  constructor(run: RunState) {
    this.#run = run
  }

  start(): void {
    const { spec } = this.#run
    this.#entry = this.#call(this.#run.name, { template: spec.entrypoint ?? '' }, spec.arguments)
    this.#entry.start()
    this.#watch()
    this.#run.enqueue(this)
  }

  /** Lets the workflow's lifecycle hooks fire as soon as there is a node to hang them on. */
  #watch(): void {
    const run = this.#run
    const node = this.#entry?.node
    if (node === undefined || this.#hooks !== undefined) return
    if (lifecycleHooks(run.spec.hooks).length === 0) return
    this.#hooks = new LifecycleHooks(rootHookSite(run, node))
    run.hooked.standing = this.#hooks
  }

  callChanged(call: Call): void {
    this.#watch()
    if (call.fulfilled) this.#run.enqueue(this)
  }

  progress(): void {
    const entry = this.#entry
    if (entry === undefined || !entry.fulfilled || this.#ended) return
    const { node } = entry
    const error = entry.error ?? timeoutOf(node?.status)
    if (error !== undefined) {
      this.finish('Error', `error in entry template execution: ${error}`)
      return
    }
    if (node === undefined || !this.#hooksDone) return
    if (!node.ended) this.#run.daemons.killThoseOf(undefined)
    if (!this.#exitHandled(node)) return
    this.#conclude(node)
  }

  get #ended(): boolean {
    return this.#run.status.label('workflows.argoproj.io/completed') === 'true'
  }

  // argo: the exit handler begins when the hooks are complete.
  get #hooksDone(): boolean {
    this.#hooks?.whenOver(() => {
      this.#hooksOver = true
      this.#run.enqueue(this)
    })
    return this.#hooks === undefined || this.#hooksOver
  }

  /** True when there is no exit handler to wait for. */
  #exitHandled(node: NodeRecord): boolean {
    if (this.#exit !== undefined) return this.#exit.fulfilled && !this.#exitErred()
    const hook = this.#exitHook()
    if (hook === undefined) return true
    const run = this.#run
    const begun = run.nodes.named(`${run.name}.onExit`) !== undefined
    if (!begun && !run.mayExecute(true)) return true
    setEntryStatus(run, node)
    this.#exit = this.#call(`${run.name}.onExit`, hook, hook.arguments, true)
    this.#exit.start()
    return this.#exit.fulfilled && !this.#exitErred()
  }

  #exitErred(): boolean {
    const error = this.#exit?.error ?? timeoutOf(this.#exit?.node?.status)
    if (error !== undefined) this.finish('Error', `error in exit template execution : ${error}`)
    return error !== undefined
  }

  // argo: WorkflowSpec.GetExitHook.
  #exitHook(): LifecycleHook | undefined {
    const { onExit, hooks, arguments: args } = this.#run.spec
    if (onExit) return { template: onExit, ...(args !== undefined && { arguments: args }) }
    const hook = hooks?.['exit']
    if (hook === undefined) return undefined
    const own = hook.arguments ?? args
    return { ...hook, ...(own !== undefined && { arguments: own }) }
  }

  #call(nodeName: string, use: TemplateUse, args: Arguments | undefined, onExit = false): Call {
    const spec = {
      nodeName,
      use,
      holder: this.#run.templates.local,
      args: args ?? {},
      onExit,
      ...(onExit && { hooked: true }),
      order: [onExit ? 1 : 0],
      depth: 0,
      link: () => undefined,
    }
    return new Call(this.#run, spec, this)
  }

  #conclude(node: NodeRecord): void {
    this.#close(node)
    setWorkflowStatus(this.#run.globals, this.#run.status.get('phase') ?? '')
    publishEnd(this.#run, node)
  }

  #close(node: NodeRecord): void {
    const run = this.#run
    const phase = workflowPhase(node.status.phase)
    const exit = this.#exit?.node
    if (phase === 'Succeeded') {
      if (exit?.failedOrError) {
        this.finish(exit.status.phase === 'Failed' ? 'Failed' : 'Error', exit.status.message ?? '')
      } else this.finish('Succeeded', '')
      return
    }
    const stopped = run.shutdown !== undefined && node.failedOrError
    const message = stopped ? `Stopped with strategy '${run.shutdown}'` : node.status.message
    this.finish(phase, message ?? '')
  }

  /** What was made for the pods goes. */
  #letGo(phase: WorkflowPhase): void {
    const { spec, status, workflow, remove } = this.#run
    if (spec.podDisruptionBudget !== undefined && (status.get('phase') ?? '') !== '') {
      const budget = budgetOf(workflow, spec)
      if (budget !== undefined) remove.push(refOf(budget))
    }
    const volumes = status.get('persistentVolumeClaims')
    if (volumes === undefined) return
    const claims = claimsToRemove(spec, phase, volumes)
    remove.push(...claims)
    if (claims.length > 0) status.set('persistentVolumeClaims', undefined)
  }

  /** Ends the workflow for good. argo: markWorkflowPhase. */
  finish(phase: WorkflowPhase, message: string): void {
    const run = this.#run
    if (this.#ended) return
    run.daemons.killThoseOf(undefined)
    for (const leaf of [...run.leaves.values()]) leaf.end('workflow ended')
    run.locks.close()
    const root = run.nodes.get(run.name)
    if (phase === 'Error' && root?.status.phase === 'Running') {
      run.mark(root, 'Error', 'Workflow operation error')
    }
    this.#letGo(phase)
    // By now all templates are known that it used.
    if (run.status.get('artifactGCStatus')?.notSpecified) guardArtifacts(run)
    run.status.set('phase', phase)
    run.status.setLabel('workflows.argoproj.io/phase', phase)
    if (run.status.get('startedAt') === undefined) run.status.set('startedAt', run.nowText)
    run.status.set('message', message === '' ? undefined : message)
    run.status.set('finishedAt', run.nowText)
    run.status.setLabel('workflows.argoproj.io/completed', 'true')
    // argo: it is first told of pods in the second pass.
    if (run.status.hasCondition('PodRunning')) {
      run.status.setCondition({ type: 'PodRunning', status: 'False' })
    }
    run.status.setCondition({ type: 'Completed', status: 'True' })
    const startedAt = parseTime(run.status.get('startedAt') ?? '') ?? run.now
    setWorkflowDuration(run.globals, run.now - startedAt)
    sumUp(run)
  }
}
