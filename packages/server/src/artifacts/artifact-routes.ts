import type { Workflow } from '@argosy/engine'
import type { DriversFor } from '@argosy/executor'
import { resources } from '@argosy/kube'
import { ApiError, invalid } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import type { Reply } from '../http/reply.ts'
import type { Route } from '../http/router.ts'
import { anyWorkflow } from '../workflows/get-workflow.ts'
import type { World } from '../world.ts'
import { download, listing, redirect } from './artifact-replies.ts'
import { findArtifact, type Wanted } from './find-artifact.ts'

type Direction = Wanted['direction']
type FindWorkflow = (call: Call, world: World) => Promise<Workflow>

/** Artifacts as they are kept. argo: ArtifactServer. */
export function artifactRoutes(world: World): readonly Route[] {
  const { drivers } = world
  if (!drivers) return []
  const get = (path: string, handle: Route['handle']): Route => ({ method: 'GET', path, handle })
  const whole = (find: FindWorkflow, direction: Direction) => async (call: Call) => {
    const { nodeId = '', artifact: name = '' } = call.params
    const wanted = { nodeId, name, direction, path: '' }
    return download(findArtifact(await find(call, world), wanted, drivers), call.signal)
  }
  const files = (call: Call) => file(call, drivers, world)
  const part = '/artifact-files/{namespace}/{kind}/{name}/{nodeId}/{direction}/{artifact}'
  return [
    get('/artifacts/{namespace}/{name}/{nodeId}/{artifact}', whole(byName, 'outputs')),
    get('/input-artifacts/{namespace}/{name}/{nodeId}/{artifact}', whole(byName, 'inputs')),
    get('/artifacts-by-uid/{uid}/{nodeId}/{artifact}', whole(byUid, 'outputs')),
    get('/input-artifacts-by-uid/{uid}/{nodeId}/{artifact}', whole(byUid, 'inputs')),
    get(part, files),
    get(`${part}/{rest...}`, files),
  ]
}

const byName: FindWorkflow = (call, { archive }) => {
  const { namespace = '', name = '' } = call.params
  return anyWorkflow(call, { namespace, name, uid: '' }, archive)
}

const byUid: FindWorkflow = async ({ caller, params }, { archive }) => {
  const found = await archive?.get({ uid: params['uid'] ?? '' })
  if (!found) throw new ApiError('NotFound', 'workflow not yet archived')
  const { namespace = '', name = '' } = found.metadata
  await caller.may('get', { resource: resources.workflows, namespace, name })
  return found
}

/** A file within an artifact that is a directory, or, with a slash at the end, what is in it. */
async function file(call: Call, drivers: DriversFor, world: World): Promise<Reply> {
  const { nodeId = '', artifact: name = '', direction, rest = '' } = call.params
  if (direction !== 'inputs' && direction !== 'outputs') {
    throw invalid('expected /artifact-files/…/{inputs or outputs}/{artifact}')
  }
  const workflow = await ofKind(call, world)
  const wanted: Wanted = { nodeId, name, direction, path: rest.replace(/\/+$/, '') }
  const found = findArtifact(workflow, wanted, drivers)
  const [url = ''] = (call.request.url ?? '').split('?')
  if (call.path.endsWith('/')) return listing(found, url, call.signal)
  if (await found.driver.isDirectory(found.artifact, call.signal)) return redirect(`${url}/`)
  return download(found, call.signal)
}

async function ofKind(call: Call, world: World): Promise<Workflow> {
  const { kind, namespace, name = '' } = call.params
  if (kind === 'workflows') return byName(call, world)
  if (kind !== 'archived-workflows') {
    throw invalid('expected /artifact-files/{namespace}/{workflows or archived-workflows}/…')
  }
  const workflow = await byUid({ ...call, params: { uid: name } }, world)
  if (workflow.metadata.namespace === namespace) return workflow
  throw new ApiError('NotFound', 'workflow not yet archived')
}
