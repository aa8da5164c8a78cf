import type { Connection } from '@argosy/kube/remote'
import { withOptions } from './argo-server/argo-kinds.ts'

export type SyncType = 'database' | 'configmap'

/** Where a limit is. */
export interface SyncPlace {
  readonly namespace: string
  readonly key: string
  readonly type: SyncType
  /** '': none. */
  readonly cmName: string
}

interface Answer {
  readonly namespace?: string
  readonly key?: string
  readonly cmName?: string
  readonly limit?: number
  /** Absent: a ConfigMap. */
  readonly type?: string
}

type Act = (api: Connection, place: SyncPlace, limit: number) => Promise<string>

/** Each resolves to what is printed of it. argo: cmd/argo/commands/sync. */
export const syncLimits: Readonly<Record<'create' | 'get' | 'update' | 'delete', Act>> = {
  async create(api, place, limit) {
    const answer = await failing('create', () =>
      api.ask<Answer>(collection(place), { method: 'POST', body: bodyOf(place, limit) }),
    )
    return `Sync limit created\n${textOf(answer)}`
  },
  async get(api, place) {
    return textOf(await failing('get', () => api.ask<Answer>(one(place))))
  },
  async update(api, place, limit) {
    const path = `${collection(place)}/${encodeURIComponent(place.key)}`
    const answer = await failing('update', () =>
      api.ask<Answer>(path, { method: 'PUT', body: bodyOf(place, limit) }),
    )
    return `Sync limit updated\n${textOf(answer)}`
  },
  async delete(api, place) {
    await failing('delete', () => api.ask(one(place), { method: 'DELETE' }))
    return 'Sync limit deleted\n'
  },
}

function collection({ namespace }: SyncPlace): string {
  return `/api/v1/sync/${encodeURIComponent(namespace)}`
}

function one(place: SyncPlace): string {
  const path = `${collection(place)}/${encodeURIComponent(place.key)}`
  return withOptions(path, { type: place.type.toUpperCase(), cmName: place.cmName })
}

function bodyOf({ namespace, key, type, cmName }: SyncPlace, limit: number): object {
  return { namespace, key, type: type.toUpperCase(), cmName, limit }
}

async function failing<T>(verb: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Error) error.message = `failed to ${verb} sync limit: ${error.message}`
    throw error
  }
}

function textOf({ key = '', type, cmName = '', namespace = '', limit = 0 }: Answer): string {
  const inDatabase = type === 'DATABASE'
  const lines = [
    `Key: ${key}`,
    `Type: ${inDatabase ? 'database' : 'configmap'}`,
    ...(inDatabase ? [] : [`ConfigMap Name: ${cmName}`]),
    `Namespace: ${namespace}`,
    `Limit: ${limit}`,
  ]
  return `${lines.join('\n')}\n`
}
