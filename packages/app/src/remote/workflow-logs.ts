import { type GoRegexp, matches, type Pod, type Workflow } from '@argosy/engine'
import { ignore, resources } from '@argosy/kube'
import type { Remote } from './connect.ts'
import { followWorkflow } from './follow-workflow.ts'
import { keptLogs } from './kept-logs.ts'
import { type LogLine, type PodLogOptions, podLog } from './pod-log.ts'
import type { Name } from './wait-for.ts'

export interface LogsQuery extends PodLogOptions {
  readonly pod?: string
  /** Of pods, beside the workflow's own. */
  readonly selector?: string
  readonly grep?: GoRegexp
  readonly timestamps: boolean
}

/** A line for `stdout`, without its line break. */
export type WriteLine = (pod: string, content: string) => void

/** How many logs are read at a time. */
const atOnce = 8

/** The lines of all pods of a workflow, in the order in which they were written; followed, as they come. */
export async function workflowLogs(
  remote: Remote,
  workflow: Name,
  query: LogsQuery,
  write: WriteLine,
): Promise<void> {
  if (remote.argo) {
    const own = { ...query, allContainers: false, allAttempts: false }
    return keptLogs(remote, workflow, { query: own, write })
  }
  const put = (pod: Pod, line: LogLine) => {
    if (query.grep && !matches(query.grep, line.text)) return
    write(pod.metadata.name ?? '', query.timestamps ? `${line.at} ${line.text}` : line.text)
  }
  if (query.follow) await new Following(remote, query, put).until(workflow)
  else await whole(remote, await podsOf(remote, workflow, query), { query, put })
}

interface Reading {
  readonly query: LogsQuery
  readonly put: (pod: Pod, line: LogLine) => void
}

interface Entry extends LogLine {
  readonly pod: Pod
}

/** A few pods at a time; what is older than the start of the next pod cannot be preceded by anything any more. */
async function whole(remote: Remote, pods: readonly Pod[], { query, put }: Reading): Promise<void> {
  let waiting: Entry[] = []
  for (let from = 0; from < pods.length; from += atOnce) {
    const read = await Promise.all(
      pods.slice(from, from + atOnce).map(async (pod) => {
        const entries: Entry[] = []
        for await (const line of podLog(remote, pod, query)) entries.push({ ...line, pod })
        return entries
      }),
    )
    waiting = [...waiting, ...read.flat()].sort(byTime)
    const next = pods[from + atOnce]
    const ready = next ? waiting.findIndex(({ at }) => at >= startOf(next)) : -1
    const count = next && ready >= 0 ? ready : waiting.length
    for (const { pod, ...line } of waiting.splice(0, count)) put(pod, line)
  }
}

function byTime(a: LogLine, b: LogLine): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0
}

function startOf({ status }: Pod): string {
  return status?.startTime ?? ''
}

async function podsOf(
  { client }: Remote,
  workflow: Name,
  query: Pick<LogsQuery, 'pod' | 'selector'>,
): Promise<readonly Pod[]> {
  const { items } = await client.list<Pod>(podQuery(workflow, query))
  return items.filter(hasStarted).sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))
}

function podQuery(
  { namespace, name }: Name,
  { pod, selector }: Pick<LogsQuery, 'pod' | 'selector'>,
) {
  const own = `workflows.argoproj.io/workflow=${name}`
  return {
    ...{ resource: resources.pods, namespace },
    labelSelector: selector ? `${own},${selector}` : own,
    ...(pod && { fieldSelector: `metadata.name=${pod}` }),
  }
}

function hasStarted({ status }: Pod): boolean {
  return status?.phase !== undefined && status.phase !== 'Pending'
}

/** Reads the log of every pod as it starts, until the workflow has ended. */
class Following {
  readonly #remote: Remote
  readonly #query: LogsQuery
  readonly #put: Reading['put']
  readonly #reading = new Map<string, Promise<void>>()

  constructor(remote: Remote, query: LogsQuery, put: Reading['put']) {
    this.#remote = remote
    this.#query = query
    this.#put = put
  }

  async until(workflow: Name): Promise<void> {
    const stop = new AbortController()
    const coming = this.#comingPods(workflow, stop.signal)
    const ended = this.#ended(workflow)
    try {
      // Pods are watched for as long as the workflow runs; that the watch fails ends both.
      await Promise.race([ended, coming.then(() => ended)])
    } finally {
      stop.abort()
    }
    for (const pod of await podsOf(this.#remote, workflow, this.#query)) this.#read(pod)
    await Promise.all(this.#reading.values())
  }

  async #ended(workflow: Name): Promise<void> {
    let last: Workflow | undefined
    for await (last of followWorkflow(this.#remote, workflow)) void last
  }

  async #comingPods(workflow: Name, signal: AbortSignal): Promise<void> {
    const query = podQuery(workflow, this.#query)
    while (!signal.aborted) {
      await this.#watch(query, signal).catch((error: unknown) => {
        if (!signal.aborted) ignore('Expired', 'Gone')(error)
      })
    }
  }

  async #watch(query: ReturnType<typeof podQuery>, signal: AbortSignal): Promise<void> {
    for await (const batch of this.#remote.client.watch<Pod>(query, signal)) {
      for (const { type, object } of batch) {
        if (type !== 'BOOKMARK' && type !== 'DELETED' && hasStarted(object)) this.#read(object)
      }
    }
  }

  #read(pod: Pod): void {
    const { uid = '' } = pod.metadata
    if (this.#reading.has(uid)) return
    this.#reading.set(uid, this.#lines(pod))
  }

  async #lines(pod: Pod): Promise<void> {
    for await (const line of podLog(this.#remote, pod, this.#query)) this.#put(pod, line)
  }
}
