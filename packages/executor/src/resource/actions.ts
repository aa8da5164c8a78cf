import { isObject, type Json, type KubeObject } from '@argosy/engine'
import { type JsonPatchOp, type Ref, StatusError } from '@argosy/kube'
import { applied, merged, recorded, rulesOf } from './apply.ts'
import { type Creation, createObject } from './create.ts'
import { readManifest } from './manifest.ts'
import { type Patching, patchOnce } from './patch-once.ts'
import { type Call, fetched, fromManifest, type Target, targets } from './target.ts'
import { gone } from './watch-object.ts'

/** What a resource template does, by its `action`; the object that comes of it, if there is just one. */
export type Action = (call: ResourceCall) => Promise<KubeObject | undefined>

export interface ResourceCall extends Call, Creation, Patching {
  readonly mergeStrategy: string
}

export const actions: Readonly<Record<string, Action>> = {
  get,
  create,
  apply,
  delete: remove,
  replace,
  patch,
}

async function get(call: ResourceCall): Promise<KubeObject | undefined> {
  const found = await targets(call)
  const ignoresMissing = call.flags.values.get('ignore-not-found') === 'true'
  const only = onlyOne(found)
  if (ignoresMissing && !(await call.client.get(only.ref, call.signal))) return undefined
  return fetched(only, call)
}

/** argo: what kubectl prints of several objects is a List, and that has no name. */
function onlyOne(found: readonly Target[]): Target {
  const [only] = found
  if (only && found.length === 1) return only
  throw new Error(
    'Kind and name are both required but at least one of them is missing from the manifest',
  )
}

async function create(call: ResourceCall): Promise<KubeObject> {
  const { ref, object } = await fromManifest(call)
  return named('creating', call, () => createObject(ref, call.owned(object), call))
}

async function apply(call: ResourceCall): Promise<KubeObject> {
  const { ref, object } = await fromManifest(call)
  if (ref.name === '')
    throw new Error(`error: from ${call.manifest.path}: cannot use generate name with apply`)
  const wanted = call.owned(object)
  if (!(await call.client.get(ref, call.signal))) {
    return named('creating', call, () => createObject(ref, recorded(wanted), call))
  }
  return named('applying patch to', call, () => changed(ref, call, (live) => applied(live, wanted)))
}

async function replace(call: ResourceCall): Promise<KubeObject> {
  const { ref, object } = await fromManifest(call)
  const wanted = call.owned(object)
  return named('replacing', call, () => changed(ref, call, () => wanted))
}

async function patch(call: ResourceCall): Promise<KubeObject> {
  const body = readManifest(call.manifest)
  const isWhole = isObject(body) && body['kind'] !== undefined
  const target = isWhole ? await fromManifest(call) : onlyOne(await targets(call))
  const { ref } = target
  if (call.mergeStrategy === 'strategic' && !rulesOf(ref.resource)) {
    throw new StatusError(
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    )
  }
  return patched(ref, body, call)
}

async function patched(ref: Ref, body: Json | undefined, call: ResourceCall): Promise<KubeObject> {
  const { client, mergeStrategy, signal } = call
  if (mergeStrategy === 'json') {
    if (!Array.isArray(body)) throw new Error('error: a json patch is a list of operations')
    return patchOnce(ref, body as unknown as JsonPatchOp[], call)
  }
  if (!isObject(body)) throw new Error('error: a patch is a map')
  if (mergeStrategy === 'strategic') {
    return changed(ref, call, (live) => merged(live, body))
  }
  await client.patch(ref, { type: 'merge', body }, signal)
  return fetched({ ref }, call)
}

async function remove(call: ResourceCall): Promise<undefined> {
  const { values } = call.flags
  const grace = values.get('now') === 'true' ? '1' : values.get('grace-period')
  const cascade = values.get('cascade')
  const options = {
    ...(grace !== undefined && Number(grace) >= 0 && { gracePeriodSeconds: Number(grace) }),
    ...(cascade !== undefined && { propagationPolicy: propagation(cascade) }),
  }
  for (const { ref } of await targets(call)) {
    const before = await call.client.get<KubeObject>(ref, call.signal)
    if (!before) continue
    await call.client.remove(ref, options, call.signal).catch(missing)
    if (values.get('wait') !== 'false') await gone(ref, before.metadata.uid, call)
  }
}

function propagation(cascade: string): 'Background' | 'Foreground' | 'Orphan' {
  if (cascade === 'orphan' || cascade === 'false') return 'Orphan'
  return cascade === 'foreground' ? 'Foreground' : 'Background'
}

function missing(error: unknown): void {
  if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
}

/** Reads, changes and writes until nobody came between. */
async function changed(
  ref: Ref,
  call: Call,
  change: (live: KubeObject) => KubeObject,
): Promise<KubeObject> {
  for (;;) {
    const live = await fetched({ ref }, call)
    const next = change(live)
    const { resourceVersion = live.metadata.resourceVersion } = next.metadata
    const metadata = { ...next.metadata, ...(resourceVersion !== undefined && { resourceVersion }) }
    try {
      await call.client.update(ref.resource, { ...next, metadata }, call.signal)
      return await fetched({ ref }, call)
    } catch (error) {
      const raced = error instanceof StatusError && error.reason === 'Conflict'
      // A version that the manifest itself insists on stays wrong.
      if (!raced || resourceVersion !== live.metadata.resourceVersion) throw error
      call.signal.throwIfAborted()
    }
  }
}

/** kubectl says which file it was at work on. */
async function named<T>(doing: string, { manifest }: Call, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    const message = `error when ${doing} "${manifest.path}": ${error.message}`
    throw new StatusError(error.reason, message, { cause: error })
  }
}
