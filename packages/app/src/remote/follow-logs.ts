import type { Pod, Workflow } from '@argosy/engine'
import { ignore } from '@argosy/kube'
import type { Remote } from './connect.ts'
import { followPodLog } from './follow-pod-log.ts'
import { followWorkflow } from './follow-workflow.ts'
import { hasStarted, podQuery, podsOf } from './log-pods.ts'
import type { LogsQuery } from './logs-query.ts'
import type { Patience } from './patience.ts'
import type { LogLine } from './pod-log.ts'
import type { Name } from './wait-for.ts'

interface Following {
  readonly query: LogsQuery
  readonly put: (pod: Pod, line: LogLine) => void
  readonly patience: Patience
}

/** Reads the log of every pod as it starts, until the workflow has ended; a server that is away for a while is waited for. */
export async function followLogs(
  remote: Remote,
  workflow: Name,
  following: Following,
): Promise<void> {
  const { query, patience } = following
  const failure = failureToCome()
  const pods = new PodReader(remote, workflow, { ...following, failed: failure.failed })
  const stop = new AbortController()
  pods.watch(stop.signal).catch(failure.failed)
  try {
    await Promise.race([untilEnded(remote, workflow, patience), failure.promise])
  } finally {
    stop.abort()
  }
  for (const pod of await patience.until(() => podsOf(remote, workflow, query))) pods.read(pod)
  await Promise.race([pods.ended(), failure.promise])
}

/** Whoever waits hears of it; nobody may be waiting yet. */
function failureToCome() {
  let failed: (error: unknown) => void = () => undefined
  const promise = new Promise<never>((_, reject) => {
    failed = reject
  })
  promise.catch(() => undefined)
  return { promise, failed }
}

async function untilEnded(remote: Remote, workflow: Name, patience: Patience): Promise<void> {
  let last: Workflow | undefined
  for await (last of followWorkflow(remote, workflow, patience)) void last
}

/** What is too old is looked at anew at once. */
async function outlast(error: unknown, patience: Patience): Promise<void> {
  try {
    ignore('Expired', 'Gone')(error)
  } catch {
    await patience.outlast(error)
  }
}

/** Each pod's log is read once. */
class PodReader {
  readonly #remote: Remote
  readonly #workflow: Name
  readonly #following: Following & { readonly failed: (error: unknown) => void }
  readonly #reading = new Map<string, Promise<void>>()

  constructor(
    remote: Remote,
    workflow: Name,
    following: Following & { readonly failed: (error: unknown) => void },
  ) {
    this.#remote = remote
    this.#workflow = workflow
    this.#following = following
  }

  /** Reads pods as they start, until `signal` aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    const { patience } = this.#following
    while (!signal.aborted) {
      try {
        await this.#watchOnce(signal)
      } catch (error) {
        if (!signal.aborted) await outlast(error, patience)
      }
    }
  }

  read(pod: Pod): void {
    const { uid = '' } = pod.metadata
    if (this.#reading.has(uid)) return
    this.#reading.set(uid, this.#lines(pod).catch(this.#following.failed))
  }

  async ended(): Promise<void> {
    await Promise.all(this.#reading.values())
  }

  async #watchOnce(signal: AbortSignal): Promise<void> {
    const query = podQuery(this.#workflow, this.#following.query)
    for await (const batch of this.#remote.client.watch<Pod>(query, signal)) {
      for (const { type, object } of batch) {
        if (type !== 'BOOKMARK' && type !== 'DELETED' && hasStarted(object)) this.read(object)
      }
    }
  }

  async #lines(pod: Pod): Promise<void> {
    const { query: options, patience, put } = this.#following
    const followed = { pod, options, patience, workflow: this.#workflow }
    for await (const line of followPodLog(this.#remote, followed)) put(pod, line)
  }
}
