import type { Workflow } from '@argosy/engine'
import type { Connection } from '@argosy/kube/remote'
import { timestamp } from '../text/humanize.ts'
import { inListOrder } from './filter.ts'

const all = '/api/v1/archived-workflows'

/** Which archived workflows: by name or uid, and how names are told from uids. */
export interface ArchivedFlags {
  readonly name?: boolean
  readonly uid?: boolean
}

export interface ArchivedFilter {
  readonly namespace: string
  readonly selector?: string
  readonly fieldSelector?: string
  readonly query?: string
  /** 0: all at once. */
  readonly chunk?: number
}

interface Page {
  readonly metadata?: { readonly continue?: string }
  readonly items?: readonly Workflow[] | null
}

/** What the archive has, in upstream's order. argo: listArchivedWorkflows. */
export async function listArchived(
  api: Connection,
  { namespace, selector, fieldSelector, query, chunk = 0 }: ArchivedFilter,
): Promise<readonly Workflow[]> {
  const found: Workflow[] = []
  let next = ''
  do {
    const asked = new URLSearchParams({
      ...(namespace && { namespace }),
      ...(selector && { 'listOptions.labelSelector': selector }),
      ...(fieldSelector && { 'listOptions.fieldSelector': fieldSelector }),
      ...(query && { query }),
      ...(chunk > 0 && { 'listOptions.limit': String(chunk) }),
      ...(next && { 'listOptions.continue': next }),
    })
    const page = await api.ask<Page>(`${all}?${asked}`)
    found.push(...(page.items ?? []))
    next = page.metadata?.continue ?? ''
  } while (next !== '')
  return inListOrder(found)
}

interface ArchivedName {
  readonly identifier: string
  readonly flags: ArchivedFlags
  readonly now: number
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The uid of what is named. Throws when nothing, or more than one, has the name. argo: resolveUID. */
export async function archivedUid(
  api: Connection,
  namespace: string,
  { identifier, flags, now }: ArchivedName,
): Promise<string> {
  if (flags.uid || (!flags.name && uuid.test(identifier))) return identifier
  const fieldSelector = `metadata.name=${identifier}`
  const [only, ...others] = await listArchived(api, { namespace, fieldSelector })
  if (!only) throw new Error(`resolve UID: archived workflow '${identifier}' not found`)
  if (others.length === 0) return only.metadata.uid ?? ''
  const lines = [only, ...others].map(({ metadata: { uid, creationTimestamp = '' }, status }) => {
    const ended = timestamp(status?.finishedAt ?? '', now)
    return `  ${uid} (Created: ${timestamp(creationTimestamp, now)}, Finished: ${ended})\n`
  })
  throw new Error(
    `resolve UID: Multiple archived workflows found with name '${identifier}':\n${lines.join('')}Please specify the UID.`,
  )
}

export function getArchived(api: Connection, uid: string): Promise<Workflow> {
  return api.ask<Workflow>(`${all}/${encodeURIComponent(uid)}`)
}

export async function deleteArchived(api: Connection, uid: string): Promise<void> {
  await api.ask(`${all}/${encodeURIComponent(uid)}`, { method: 'DELETE' })
}

/** Retries or resubmits; resolves to the workflow that runs then. */
export function runArchived(
  api: Connection,
  uid: string,
  { verb, body }: { readonly verb: 'retry' | 'resubmit'; readonly body: object },
): Promise<Workflow> {
  return api.ask<Workflow>(`${all}/${encodeURIComponent(uid)}/${verb}`, { method: 'PUT', body })
}

export async function archivedLabelKeys(api: Connection): Promise<readonly string[]> {
  return (await api.ask<{ items?: readonly string[] | null }>(`${all}-label-keys`)).items ?? []
}

export async function archivedLabelValues(
  api: Connection,
  selector: string,
): Promise<readonly string[]> {
  const asked = new URLSearchParams({ 'listOptions.labelSelector': selector })
  const found = await api.ask<{ items?: readonly string[] | null }>(`${all}-label-values?${asked}`)
  return found.items ?? []
}
