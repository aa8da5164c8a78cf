import { databaseLimits, type KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { ApiError, invalid, notFound } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { Message } from '../http/message.ts'
import { json, type Reply } from '../http/reply.ts'
import type { Route } from '../http/router.ts'

/** Limits of semaphores, kept in ConfigMaps, or in what is a database to upstream. argo: SyncService. */
export function syncRoutes(): readonly Route[] {
  const one = '/api/v1/sync/{namespace}/{key}'
  return [
    { method: 'POST', path: '/api/v1/sync/{namespace}', handle: create },
    { method: 'GET', path: one, handle: read },
    { method: 'PUT', path: one, handle: update },
    { method: 'DELETE', path: one, handle: remove },
  ]
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

interface Place {
  readonly namespace: string
  readonly cmName: string
  readonly key: string
  /** The limit is one of those that upstream keeps in a database, and this machine in a ConfigMap of its own. */
  readonly inDatabase: boolean
}

const resource = resources.configMaps

async function create(call: Call): Promise<Reply> {
  const body = new Message(await call.body())
  const place = placeIn(call, body)
  const limit = limitIn(body)
  const found = await configMap(call, place)
  const { namespace, cmName: name, key } = place
  if (!found) {
    const metadata = { name, namespace }
    const fresh: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { [key]: limit },
    }
    await call.caller.client.create(resource, fresh, call.signal)
  } else if (found.data?.[key] === undefined) await write(call, place, limit)
  else if (place.inDatabase) {
    const words = `Database sync limit already exists in namespace "${namespace}".`
    throw new ApiError('AlreadyExists', words)
  } else throw new ApiError('AlreadyExists', 'sync limit cannot be created as it already exists')
  return answer(place, limit)
}

async function read(call: Call): Promise<Reply> {
  const place = placeIn(call)
  const limit = (await needed(call, place)).data?.[place.key]
  if (limit === undefined) throw missing(place, '')
  if (!/^\d+$/.test(limit)) throw invalid(`invalid limit format for ${whereOf(place)}`)
  return answer(place, limit)
}

async function update(call: Call): Promise<Reply> {
  const body = new Message(await call.body())
  const place = placeIn(call, body)
  const limit = limitIn(body)
  const { data } = await needed(call, place)
  if (data?.[place.key] === undefined) throw missing(place, ' - please create it first')
  await write(call, place, limit)
  return answer(place, limit)
}

async function remove(call: Call): Promise<Reply> {
  const place = placeIn(call)
  const { data } = await needed(call, place)
  if (place.inDatabase && data?.[place.key] === undefined) throw missing(place, '')
  await write(call, place, null)
  return json({})
}

function placeIn({ params, query }: Call, body = new Message({})): Place {
  const type = query.get('type') || body.member('type') || '0'
  const inDatabase = type === '1' || type === 'DATABASE'
  if (!inDatabase && type !== '0' && type !== 'CONFIGMAP') {
    throw invalid(`unsupported sync config type: ${type}`)
  }
  const cmName = inDatabase ? databaseLimits : query.get('cmName') || body.text('cmName')
  const key = params['key'] || body.text('key')
  if (cmName === '' || key === '') throw invalid('cmName and key are needed')
  return { namespace: params['namespace'] ?? '', cmName, key, inDatabase }
}

function limitIn(body: Message): string {
  const limit = body.number('limit') ?? 0
  if (Number.isInteger(limit) && limit > 0) return String(limit)
  throw invalid('limit must be greater than zero')
}

function configMap({ caller, signal }: Call, { namespace, cmName: name }: Place) {
  return caller.client.get<ConfigMap>({ resource, namespace, name }, signal)
}

async function needed(call: Call, place: Place): Promise<ConfigMap> {
  const found = await configMap(call, place)
  if (!found) throw place.inDatabase ? missing(place, '') : notFound(resource, place.cmName)
  return found
}

function write(call: Call, { namespace, cmName: name, key }: Place, limit: string | null) {
  const body = { data: { [key]: limit } }
  return call.caller.client.patch(
    { resource, namespace, name },
    { type: 'merge', body },
    call.signal,
  )
}

function whereOf({ namespace, cmName, key }: Place): string {
  return `key ${key} in configmap ${namespace}/${cmName}`
}

function missing({ namespace, cmName, key, inDatabase }: Place, hint: string): ApiError {
  if (inDatabase) {
    return new ApiError('NotFound', `Database sync limit not found in namespace "${namespace}".`)
  }
  const where = `configmap ${namespace}/${cmName}`
  return new ApiError('NotFound', `key ${key} not found in ${where}${hint}`)
}

function answer({ namespace, cmName, key, inDatabase }: Place, limit: string): Reply {
  const where = inDatabase ? { type: 'DATABASE' } : { cmName }
  return json({ namespace, ...where, key, limit: Number(limit) })
}
