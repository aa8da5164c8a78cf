import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Remote } from './connect.ts'
import { keptLogs } from './kept-logs.ts'
import type { Patience } from './patience.ts'
import { type LogLine, type PodLogOptions, podLog } from './pod-log.ts'
import { ShownLines } from './shown-lines.ts'
import type { Name } from './wait-for.ts'

interface FollowedPod {
  readonly pod: Pod
  readonly workflow: Name
  readonly options: PodLogOptions
  readonly patience: Patience
}

/** The lines of a pod as they are written; a log that breaks off is read again, and goes on behind what was shown. */
export async function* followPodLog(
  remote: Remote,
  followed: FollowedPod,
): AsyncGenerator<LogLine, undefined> {
  const { pod, options, patience } = followed
  const { tailLines, sinceSeconds } = options
  const shown = new ShownLines(tailLines === undefined && sinceSeconds === undefined)
  for (let broke = false; ; ) {
    try {
      const from = shown.count > 0 ? wholeOf(options) : options
      yield* newLines(podLog(remote, pod, from), shown)
      const state = await stateOf(remote, pod, options.container)
      // Its last lines may have been written while nobody heard them.
      if (state === 'gone' && broke) yield* rest(remote, followed, shown)
      if (state !== 'running') return
      await patience.pause()
    } catch (error) {
      broke = true
      await patience.outlast(error)
    }
  }
}

async function* newLines(lines: AsyncIterable<LogLine>, shown: ShownLines) {
  const isShown = shown.again()
  for await (const line of lines) {
    if (isShown(line.text)) continue
    shown.add(line.text)
    yield line
  }
}

/** All there is from where the first reading began, as far as that can be said again. */
function wholeOf({ tailLines, sinceSeconds: _, ...options }: PodLogOptions): PodLogOptions {
  return tailLines === 0 ? { ...options, tailLines } : options
}

/** Of a container, as it is now; one that has ended is not asked for again. */
async function stateOf(
  { client }: Remote,
  pod: Pod,
  container: string,
): Promise<'running' | 'over' | 'gone'> {
  if (hasEnded(pod, container)) return 'over'
  const { namespace = '', name = '', uid } = pod.metadata
  const found = await client.get<Pod>({ resource: resources.pods, namespace, name })
  if (!found || found.metadata.uid !== uid) return 'gone'
  return hasEnded(found, container) ? 'over' : 'running'
}

/** Also a container that is not among those of its pod: nothing comes of it any more. */
function hasEnded({ spec, status }: Pod, container: string): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
  const own = all.find(({ name }) => name === container)
  if (own) return own.state?.terminated !== undefined
  return ![...spec.containers, ...(spec.initContainers ?? [])].some(
    ({ name }) => name === container,
  )
}

/** What Argo's API has kept of a pod that is gone, behind what was shown; nothing where it has kept nothing. */
async function* rest(
  remote: Remote,
  { pod, workflow, options, patience }: FollowedPod,
  shown: ShownLines,
): AsyncGenerator<LogLine, undefined> {
  const query = {
    ...{ ...wholeOf(options), follow: false, pod: pod.metadata.name ?? '' },
    ...{ timestamps: true, allContainers: false, allAttempts: false },
  }
  const kept: LogLine[] = []
  const write = (_pod: string, content: string) => {
    const end = content.indexOf(' ')
    kept.push({ at: content.slice(0, end), text: content.slice(end + 1) })
  }
  await keptLogs(remote, workflow, { query, write, patience }).catch(() => undefined)
  const isShown = shown.again()
  for (const line of kept) if (!isShown(line.text)) yield line
}
