import { resources, StatusError } from '@argosy/kube'
import type { Shell } from '../shell/shell.ts'
import { UsageError } from '../shell/usage-error.ts'
import type { Remote } from './connect.ts'
import type { Filter } from './filter.ts'
import { listWorkflows } from './list-workflows.ts'
import { namesOf } from './names-of.ts'
import type { Name } from './wait-for.ts'

/** What `argosy delete` was told. */
export interface DeleteFlags extends Filter {
  readonly allNamespaces?: boolean
  readonly all?: boolean
  readonly queryChunkSize: number
  readonly force?: boolean
  readonly dryRun?: boolean
}

interface DeleteRequest {
  readonly names: readonly string[]
  readonly flags: DeleteFlags
}

/** Deletes what is named and what the filters mean, and says so line by line. */
export async function deleteWorkflows(
  remote: Remote,
  { names, flags }: DeleteRequest,
  { stdout, now }: Pick<Shell, 'stdout' | 'now'>,
): Promise<void> {
  const byFilter = hasFilter(flags)
  if (names.length === 0 && !byFilter)
    throw new UsageError('requires either a workflow or other argument')
  const found: Name[] = [...(await namesOf(remote, names))]
  if (byFilter) {
    const { allNamespaces: everywhere = false, queryChunkSize: chunk } = flags
    const listed = await listWorkflows(remote, flags, { now: now(), everywhere, chunk })
    for (const { metadata } of listed) {
      found.push({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' })
    }
  }
  if (found.length === 0) stdout.write('No resources found\n')
  for (const one of found) {
    const how = flags.dryRun ? 'deleted (dry-run)' : await deleted(remote, one, flags.force)
    stdout.write(`Workflow '${one.name}' ${how}\n`)
  }
}

function hasFilter(flags: DeleteFlags): boolean {
  const { all, allNamespaces, completed, resubmitted, prefix, selector } = flags
  const { fieldSelector, older, status = [] } = flags
  const given = [all, allNamespaces, completed, resubmitted, prefix, selector, fieldSelector, older]
  return given.some(Boolean) || status.length > 0
}

async function deleted({ client, argo }: Remote, { namespace, name }: Name, force = false) {
  const ref = { resource: resources.workflows, namespace, name }
  try {
    if (argo) {
      await argo.remove({ namespace, name }, force)
      return 'deleted'
    }
    if (force) await client.patch(ref, { type: 'merge', body: { metadata: { finalizers: null } } })
    await client.remove(ref)
    return 'deleted'
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return 'not found'
    throw error
  }
}
