import type { Call } from '../http/call.ts'
import type { Reply } from '../http/reply.ts'
import type { Route } from '../http/router.ts'
import type { World } from '../world.ts'
import { listStored } from './list-stored.ts'
import {
  clusterWorkflowTemplateKind,
  cronWorkflowKind,
  type StoredKind,
  workflowTemplateKind,
} from './stored-kind.ts'
import {
  createStored,
  deleteStored,
  getStored,
  lintStored,
  suspendStored,
  updateStored,
} from './write-stored.ts'

type Handle = (call: Call, kind: StoredKind, world: World) => Promise<Reply>

/** argo: WorkflowTemplateService, ClusterWorkflowTemplateService, CronWorkflowService. */
export function storedRoutes(world: World): readonly Route[] {
  const cron = rootOf(cronWorkflowKind)
  const switched = (operation: string, handle: Handle) =>
    route('PUT', `${cron}/{name}/${operation}`, (call) => handle(call, cronWorkflowKind, world))
  return [
    ...[workflowTemplateKind, clusterWorkflowTemplateKind, cronWorkflowKind].flatMap((kind) =>
      routesOf(kind, world),
    ),
    switched('suspend', suspendStored(true)),
    switched('resume', suspendStored(false)),
  ]
}

function rootOf({ plural, resource }: StoredKind): string {
  return `/api/v1/${plural}${resource.namespaced ? '/{namespace}' : ''}`
}

/** The endpoints of a kind. */
export function routesOf(kind: StoredKind, world: World): readonly Route[] {
  const all = rootOf(kind)
  const one = `${all}/{name}`
  const on = (method: Route['method'], path: string, handle: Handle) =>
    route(method, path, (call) => handle(call, kind, world))
  return [
    on('GET', all, listStored),
    on('POST', all, createStored),
    ...(kind.problemsOf ? [on('POST', `${all}/lint`, lintStored)] : []),
    on('GET', one, getStored),
    on('PUT', one, updateStored),
    on('DELETE', one, deleteStored),
  ]
}

function route(method: Route['method'], path: string, handle: Route['handle']): Route {
  return { method, path, handle }
}
