import type { NodeStatus, Pod } from '@argosy/engine'
import { ignore, type Ref, resources, StatusError } from '@argosy/kube'
import type { Shell } from '../shell/shell.ts'
import { attachPod } from './attach-pod.ts'
import type { Remote } from './connect.ts'
import { debugPod, nodeIdKey, stepToDebug } from './debug-pod.ts'
import { findWorkflow } from './find-workflow.ts'
import { podLog } from './pod-log.ts'

export interface DebugFlags {
  readonly container: string
  readonly command?: string
  readonly image?: string
}

interface DebugRequest {
  readonly name: string
  readonly step: string | undefined
  readonly flags: DebugFlags
}

/** Makes a copy of a step's pod, gives its user a shell in it, and deletes it; resolves to the exit code. */
export async function debugStep(
  remote: Remote,
  { name, step, flags }: DebugRequest,
  shell: Shell,
): Promise<number> {
  if (remote.argo)
    throw new Error('debug asks a Kubernetes API, which an Argo Server is not: say --kubeconfig')
  const workflow = await findWorkflow(remote, name)
  const node = stepToDebug(workflow, step)
  const own = await podOf(remote, workflow.metadata.name ?? '', node)
  const { container, command, image } = flags
  const choice = { container, ...(command && { command }), ...(image && { image }) }
  const tty = isTerminal(shell.stdin) && shell.stdout.isTTY === true
  const copy = debugPod(own, { ...choice, tty })
  const created = await remote.client.create(resources.pods, copy)
  const place = { namespace: remote.namespace, name: created.name ?? '' }
  const ref: Ref = { resource: resources.pods, ...place }
  const leave = new AbortController()
  const interrupt = () => leave.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  try {
    shell.stderr.write(`argosy: ${words(node, own, container)}\n`)
    const pod = await started(remote, ref, { shell, signal: leave.signal })
    const asked = { pod, container, signal: leave.signal }
    if (command !== undefined) await showLog(remote, asked, shell)
    else await attachPod(remote.connection, { ...asked, ...place, tty }, shell)
    return await exitCodeOf(remote, ref, asked)
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    await remote.client.remove(ref, { gracePeriodSeconds: 0 }).catch(ignore('NotFound'))
  }
}

function words(node: NodeStatus, { spec }: Pod, container: string): string {
  const { command = [], args = [] } = spec.containers.find(({ name }) => name === container) ?? {}
  const program = [...command, ...args].map((word) => JSON.stringify(word)).join(' ')
  const what = `a copy of ${node.displayName ?? node.name} (${node.phase})`
  return program === '' ? what : `${what}; its program was ${program}`
}

async function podOf({ client, namespace }: Remote, workflow: string, node: NodeStatus) {
  const labelSelector = `workflows.argoproj.io/workflow=${workflow}`
  const { items } = await client.list<Pod>({ resource: resources.pods, namespace, labelSelector })
  const found = items.find(({ metadata }) => metadata.annotations?.[nodeIdKey] === node.id)
  if (found) return found
  throw new Error(
    `the pod of ${node.displayName ?? node.name} is gone, and with it what a copy would be made from: ` +
      'let pods stay (podGC.strategy), and run the step again (argosy retry)',
  )
}

function isTerminal(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true
}

interface Waiting {
  readonly shell: Shell
  readonly signal: AbortSignal
}

/** The pod, when its container runs or has ended. Says what it waits for meanwhile. */
async function started(remote: Remote, ref: Ref, { shell, signal }: Waiting): Promise<Pod> {
  let told = ''
  for await (const pod of versions(remote, ref, signal)) {
    const [main] = pod.status?.containerStatuses ?? []
    if (main?.state?.running || main?.state?.terminated) return pod
    const unscheduled = pod.status?.conditions?.find(({ reason }) => reason === 'Unschedulable')
    const why = main?.state?.waiting?.message ?? unscheduled?.message ?? ''
    if (why !== told) shell.stderr.write(`argosy: it waits: ${why}\n`)
    told = why
  }
  throw new Error('nobody waited for the copy to start')
}

async function* versions({ client }: Remote, ref: Ref, signal: AbortSignal) {
  const fieldSelector = `metadata.name=${ref.name}`
  const query = { resource: ref.resource, fieldSelector, ...spaceOf(ref) }
  const { items, resourceVersion } = await client.list<Pod>(query, signal)
  yield* items
  for await (const batch of client.watch<Pod>({ ...query, resourceVersion }, signal)) {
    for (const { type, object } of batch) {
      if (type === 'DELETED') throw new StatusError('NotFound', `pod ${ref.name} was deleted`)
      if (type !== 'BOOKMARK') yield object
    }
  }
}

function spaceOf({ namespace }: Ref) {
  return namespace === undefined ? {} : { namespace }
}

interface Asked {
  readonly pod: Pod
  readonly container: string
  readonly signal: AbortSignal
}

async function showLog(remote: Remote, { pod, container, signal }: Asked, { stdout }: Shell) {
  const options = { container, follow: true, previous: false }
  for await (const { text } of podLog(remote, pod, options, signal)) stdout.write(`${text}\n`)
}

async function exitCodeOf(remote: Remote, ref: Ref, { container, signal }: Asked): Promise<number> {
  if (signal.aborted) return 130
  for await (const { status } of versions(remote, ref, signal)) {
    const found = status?.containerStatuses?.find(({ name }) => name === container)
    const end = found?.state?.terminated
    if (end?.reason === 'StartError') throw new Error(`the copy did not start: ${end.message}`)
    if (end) return end.exitCode
  }
  return 1
}
