import type { Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { type Archive, persisted } from '../archive/archive.ts'
import { ApiError, notFound } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { cleaner } from '../http/fields.ts'
import { json, type Reply } from '../http/reply.ts'
import type { World } from '../world.ts'
import { findWorkflow, type Named } from './find-workflow.ts'

/** `GET …/{name}`, with `uid` just that one. What is gone comes from the archive. */
export async function getWorkflow(call: Call, { archive }: World): Promise<Reply> {
  const { query, params } = call
  const uid = query.get('uid') ?? ''
  const named = { namespace: params['namespace'] ?? '', name: params['name'] ?? '', uid }
  const workflow = await anyWorkflow(call, named, archive)
  return json(cleaner(query.get('fields') ?? '')(workflow))
}

/** A workflow that is there, or was. Throws `NotFound`. */
export async function anyWorkflow(
  { caller, signal }: Call,
  { uid, ...named }: Named & { readonly uid: string },
  archive: Archive | undefined,
): Promise<Workflow> {
  const live = await findWorkflow(caller, named, signal).catch(asMissing)
  if (!(live instanceof ApiError) && (uid === '' || live.metadata.uid === uid)) return live
  // Nobody comes here who may not get what has this name.
  const old = await archive?.get(uid === '' ? named : { uid })
  if (old && isOf(old, named)) return persisted(old)
  throw live instanceof ApiError ? live : notFound(resources.workflows, named.name)
}

function asMissing(error: unknown): ApiError {
  if (error instanceof ApiError && error.code === 'NotFound') return error
  throw error
}

function isOf({ metadata }: Workflow, { namespace, name }: Named): boolean {
  return metadata.namespace === namespace && metadata.name === name
}
