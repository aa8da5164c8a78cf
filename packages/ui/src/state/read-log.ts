import type { NodeStatus, Workflow } from '@argosy/engine'
import { segments } from '../http/api.ts'
import { readStream } from '../http/stream.ts'
import { podOf } from './pods.ts'

interface LogEntry {
  readonly content?: string
  readonly podName?: string
}

export interface LogQuestion {
  readonly run: Workflow
  readonly node: NodeStatus
  readonly container: string
  readonly follow: boolean
  readonly tail?: number
}

/** What a node's pod wrote, line by line, until its end or, when followed, the pod's. */
export async function readLog(
  { run, node, container, follow, tail }: LogQuestion,
  signal: AbortSignal,
  onLines: (lines: readonly string[]) => void,
): Promise<void> {
  const { namespace = '', name = '' } = run.metadata
  await readStream<LogEntry>({
    path: `workflows/${segments(namespace, name)}/log`,
    query: {
      podName: podOf(run, node),
      'logOptions.container': container,
      'logOptions.follow': follow,
      'logOptions.tailLines': tail,
    },
    signal,
    onFrames: (entries) => onLines(entries.map(({ content }) => content ?? '')),
  })
}
