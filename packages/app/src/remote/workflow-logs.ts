import { matches, type Pod } from '@argosy/engine'
import type { Remote } from './connect.ts'
import { followLogs } from './follow-logs.ts'
import { keptLogs } from './kept-logs.ts'
import { podsOf, startOf } from './log-pods.ts'
import type { LogsQuery, WriteLine } from './logs-query.ts'
import type { Patience } from './patience.ts'
import { type LogLine, podLog } from './pod-log.ts'
import type { Name } from './wait-for.ts'

/** How many logs are read at a time. */
const atOnce = 8

/** The lines of all pods of a workflow, in the order in which they were written; followed, as they come. */
export async function workflowLogs(
  remote: Remote,
  workflow: Name,
  query: LogsQuery,
  { write, patience }: { readonly write: WriteLine; readonly patience: Patience },
): Promise<void> {
  if (remote.argo) {
    const own = { ...query, allContainers: false, allAttempts: false }
    return keptLogs(remote, workflow, { query: own, write, patience })
  }
  const put = (pod: Pod, line: LogLine) => {
    if (query.grep && !matches(query.grep, line.text)) return
    write(pod.metadata.name ?? '', query.timestamps ? `${line.at} ${line.text}` : line.text)
  }
  if (query.follow) await followLogs(remote, workflow, { query, put, patience })
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
