import type { Pod, Workflow } from '@argosy/engine'
import { type Client, type Clock, Informer, type InformerChange, resources } from '@argosy/kube'
import type { FamilyName } from './families.table.ts'
import { Series } from './series.ts'

export interface ControllerMetricsOptions {
  readonly client: Client
  readonly clock: Clock
  /** Ours, as 1.2.3. */
  readonly version: string
  /** Whether it is this process that controls workflows; default true. */
  readonly leads?: boolean
  readonly onError?: (error: unknown) => void
}

const label = 'workflows.argoproj.io/'

/** Upstream's metrics of the controller that can be told from the objects: what is there, and what has come and gone. */
export class ControllerMetrics implements AsyncDisposable {
  readonly #life = new AbortController()
  readonly #series = new Series()
  readonly #done: readonly Promise<unknown>[]
  readonly #listed: Promise<unknown>

  constructor(options: ControllerMetricsOptions) {
    const { client, clock, onError } = options
    const given = { client, clock, ...(onError && { onError }) }
    let isKnown = false
    const runs = new Informer<Workflow>({
      ...given,
      query: { resource: resources.workflows },
      onBatch: (changes) => {
        // Those that were there before are no news: a counter begins with the process.
        for (const change of changes) this.#hearRun(change, !isKnown)
      },
    })
    void runs.listed.then(() => {
      isKnown = true
    })
    const pods = new Informer<Pod>({
      ...given,
      query: { resource: resources.pods, labelSelector: `${label}workflow` },
      onBatch: (changes) => {
        for (const change of changes) this.#hearPod(change)
      },
    })
    this.#series.set('is_leader', [], options.leads === false ? 0 : 1)
    this.#series.set('version', versionLabels(options.version), 1)
    const { signal } = this.#life
    this.#done = [runs.run(signal), pods.run(signal)]
    this.#listed = Promise.all([runs.listed, pods.listed])
  }

  /** Resolves when what is there is known. */
  get listed(): Promise<unknown> {
    return this.#listed
  }

  /** As a scraper reads it. */
  text(): string {
    return this.#series.text()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort()
    await Promise.allSettled(this.#done)
  }

  #hearRun(change: InformerChange<Workflow>, wasThere: boolean): void {
    const now = change.type === 'DELETED' ? undefined : change.entry.object
    const before = change.before?.object
    const [is, was] = [phaseOf(now), phaseOf(before)]
    const running = (run: Workflow | undefined) => conditionOf(run, 'PodRunning')
    this.#move('workflow_condition', 'PodRunning', [running(before), running(now)])
    if (is === was) return
    this.#count('gauge', [was, is])
    if (!now || is === undefined || wasThere) return
    const { namespace = '' } = now.metadata
    this.#series.add('total_count', { phase: is, namespace })
    this.#ofTemplate(now, is)
    const cron = now.metadata.labels?.[`${label}cron-workflow`]
    if (cron !== undefined && before === undefined) {
      this.#series.add('cronworkflows_triggered_total', { name: cron, namespace })
    }
  }

  /** Of those that are nothing but a template's. */
  #ofTemplate({ metadata: { namespace = '' }, spec, status }: Workflow, phase: string): void {
    const { name, clusterScope = false } = spec.workflowTemplateRef ?? {}
    if (name === undefined) return
    const of = { name, namespace, cluster_scope: String(clusterScope) }
    this.#series.add('workflowtemplate_triggered_total', { ...of, phase })
    const { startedAt, finishedAt } = status ?? {}
    if (!startedAt || !finishedAt) return
    const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
    this.#series.observe('workflowtemplate_runtime', of, seconds)
  }

  #hearPod(change: InformerChange<Pod>): void {
    const phase = (pod: Pod | undefined) => pod?.status?.phase
    const now = change.type === 'DELETED' ? undefined : change.entry.object
    const [was, is] = [phase(change.before?.object), phase(now)]
    if (was === is) return
    this.#count('pods_gauge', [was, is])
    if (is === undefined) return
    const { namespace = '' } = change.entry
    this.#series.add('pods_total_count', { phase: is, namespace })
  }

  #count(name: FamilyName, [was, is]: readonly [string | undefined, string | undefined]): void {
    if (was !== undefined) this.#series.add(name, { phase: was }, -1)
    if (is !== undefined) this.#series.add(name, { phase: is })
  }

  #move(
    name: FamilyName,
    type: string,
    [was, is]: readonly [string | undefined, string | undefined],
  ): void {
    if (was === is) return
    if (was !== undefined) this.#series.add(name, { type, status: was }, -1)
    if (is !== undefined) this.#series.add(name, { type, status: is })
  }
}

function phaseOf(run: Workflow | undefined): string | undefined {
  return run && (run.status?.phase || 'Pending')
}

function conditionOf(run: Workflow | undefined, type: string): string | undefined {
  const { conditions = [] } = (run?.status ?? {}) as {
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[]
  }
  return conditions.find((one) => one.type === type)?.status
}

function versionLabels(version: string): readonly { key: string; value: string }[] {
  const labels: Readonly<Record<string, string>> = {
    ...{ version: `v${version}`, git_tag: `v${version}`, git_tree_state: 'clean' },
    ...{ compiler: 'node', git_commit: '', build_date: '', go_version: '' },
  }
  return Object.entries(labels).map(([key, value]) => ({ key, value }))
}
