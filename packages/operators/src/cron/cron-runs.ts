import {
  advanceCron,
  type CronDecision,
  type CronMemory,
  type CronWorkflow,
  type JsonObject,
  parseCronWorkflow,
  submissionFailed,
  terminateWorkflow,
  type Workflow,
} from '@argosy/engine'
import {
  type Client,
  type Clock,
  ignore,
  type Outcome,
  type Ref,
  resources,
  StatusError,
  splitKey,
} from '@argosy/kube'
import { problemsOf } from './cron-problems.ts'

/** Every CronWorkflow, one look at a time: read, decide, act. */
export class CronRuns {
  readonly #client: Client
  readonly #clock: Clock
  readonly #memory = new Map<string, { readonly uid: string | undefined } & CronMemory>()

  /** Those that are wrong: a template may make them right. */
  readonly wrong = new Set<string>()

  constructor(client: Client, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  async reconcile(key: string, signal: AbortSignal): Promise<Outcome | undefined> {
    const ref = { resource: resources.cronWorkflows, ...splitKey(key) }
    const stored = await this.#client.get<CronWorkflow>(ref, signal)
    if (stored === undefined || stored.metadata.deletionTimestamp !== undefined) {
      this.#memory.delete(key)
      this.wrong.delete(key)
      return undefined
    }
    const { cron, problems } = parseCronWorkflow(stored as unknown as JsonObject)
    const { items } = await this.#client.list<Workflow>(
      {
        resource: resources.workflows,
        namespace: ref.namespace,
        labelSelector: `workflows.argoproj.io/cron-workflow=${ref.name}`,
      },
      signal,
    )
    const wrong = problems.length > 0 ? problems : await problemsOf(cron, this.#client, signal)
    if (wrong.length > 0) this.wrong.add(key)
    else this.wrong.delete(key)
    const { uid } = cron.metadata
    const known = this.#memory.get(key)
    const memory = known?.uid === uid ? known : undefined
    const decision = advanceCron(
      { cron, workflows: items, problems: wrong, ...(memory !== undefined && { memory }) },
      this.#clock.now(),
    )
    try {
      await this.#act(ref, cron, decision)
    } catch (error) {
      // Somebody else has written it: what was made has its name, and the rest is decided anew.
      if (!(error instanceof StatusError) || error.reason !== 'Conflict') throw error
      return { wakeAt: this.#clock.now() }
    }
    this.#memory.set(key, { uid, ...decision.memory })
    return { wakeAt: decision.wakeAt }
  }

  /** The run comes first: a crash after it is seen from the run, one before it leaves the tick to be made up for. */
  async #act(ref: Required<Ref>, cron: CronWorkflow, decision: CronDecision): Promise<void> {
    const { namespace } = ref
    for (const name of decision.terminate) await this.#terminate(namespace, name)
    const refusals: string[] = []
    for (const workflow of decision.create) {
      const refused = await this.#create(workflow)
      if (refused !== undefined) refusals.push(refused)
    }
    if (decision.patch !== undefined) {
      const { resourceVersion } = cron.metadata
      const patch = { type: 'merge', body: decision.patch } as const
      await this.#client.patch(ref, { ...patch, ...(resourceVersion && { resourceVersion }) })
    }
    for (const refused of refusals) await this.#report(ref, refused)
    for (const name of decision.remove) {
      const finished = { resource: resources.workflows, namespace, name }
      const options = { propagationPolicy: 'Background' } as const
      await this.#client.remove(finished, options).catch(ignore('NotFound'))
    }
  }

  async #terminate(namespace: string, name: string): Promise<void> {
    const ref = { resource: resources.workflows, namespace, name }
    const workflow = await this.#client.get<Workflow>(ref)
    if (workflow === undefined || 'refused' in terminateWorkflow(workflow)) return
    const body = { spec: { shutdown: 'Terminate' } }
    await this.#client.patch(ref, { type: 'merge', body }).catch(ignore('NotFound'))
  }

  /** Why the server will never take it; what may pass by itself is thrown. */
  async #create(workflow: Workflow): Promise<string | undefined> {
    try {
      await this.#client.create(resources.workflows, workflow)
      return undefined
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      if (error.reason === 'AlreadyExists') return undefined
      if (!['BadRequest', 'Forbidden', 'Invalid'].includes(error.reason)) throw error
      return error.message
    }
  }

  async #report(ref: Ref, message: string): Promise<void> {
    const cron = await this.#client.get<CronWorkflow>(ref)
    const body = cron && submissionFailed(cron, message)
    if (body !== undefined) await this.#client.patch(ref, { type: 'merge', body })
  }
}
