import { podName, type Workflow } from '@argosy/engine'
import { ignore } from '@argosy/kube'
import type { Out } from '../shell/shell.ts'
import { argoApiKnows } from './argo-api.ts'
import type { Remote } from './connect.ts'
import { findWorkflow } from './find-workflow.ts'
import { type KeptLogsQuery, keptLogs } from './kept-logs.ts'
import type { WriteLine } from './logs-query.ts'
import { Patience } from './patience.ts'
import { podsThere } from './pods-there.ts'
import { sayLost } from './wait-for.ts'
import { workflowLogs } from './workflow-logs.ts'

interface LogsRequest {
  readonly name: string
  readonly query: KeptLogsQuery
  readonly write: WriteLine
}

/** The logs of a workflow: of pods that are there by Kubernetes' API, of those that are gone by Argo's. */
export async function allLogs(
  remote: Remote,
  { name, query, write }: LogsRequest,
  { stderr }: { readonly stderr: Out },
): Promise<void> {
  const patience = new Patience({ lost: sayLost(stderr) })
  const found = await findWorkflow(remote, name).catch(ignore('NotFound'))
  patience.answered()
  const { namespace = remote.namespace, name: own = name } = found?.metadata ?? {}
  const workflow = { namespace, name: own }
  if (found && query.pod !== undefined) refuseUnknownPod(found, query.pod)
  // What is gone the archive may know; an Argo Server knows both.
  const isOnlyThere = remote.argo || !found || query.allContainers || query.allAttempts
  // Kubernetes cannot search: all that was written would come here.
  if (isOnlyThere || (query.grep && (await argoApiKnows(remote, workflow)))) {
    return keptLogs(remote, workflow, { query, write, patience })
  }
  const { there, areSomeGone } = await podsThere(remote, found)
  if (areSomeGone && !query.selector) {
    const past = { ...query, follow: false }
    await keptLogs(remote, workflow, { query: past, write, except: there, patience }).catch(
      (error: Error) => {
        stderr.write(
          `argosy: some pods are gone, and their logs are not to be had: ${error.message}\n`,
        )
      },
    )
  }
  await workflowLogs(remote, workflow, query, { write, patience })
}

/** Nothing comes any more of what has ended; silence would look like an empty log. */
function refuseUnknownPod({ metadata, status }: Workflow, pod: string): void {
  if (status?.finishedAt === undefined) return
  const { name = '' } = metadata
  const pods = Object.values(status.nodes ?? {})
    .filter(({ type }) => type === 'Pod')
    .flatMap((node) => [
      podName(name, node.name, node.templateRef?.template || node.templateName),
      node.id,
    ])
  if (pods.includes(pod)) return
  throw new Error(`${name} had no pod "${pod}": \`argosy get ${name}\` shows them`)
}
