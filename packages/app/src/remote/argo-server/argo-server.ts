import type { Readable } from 'node:stream'
import type { Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Connection } from '@argosy/kube/remote'
import type { Name } from '../wait-for.ts'
import { argoError } from './argo-error.ts'
import { argoKind, collectionPath, objectPath, withOptions } from './argo-kinds.ts'

export type Verb = 'suspend' | 'resume' | 'stop' | 'terminate' | 'set' | 'retry' | 'resubmit'

/** What an Argo Server does itself, where a Kubernetes would be patched. */
export class ArgoServer {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** One of upstream's operations on a workflow; resolves to the workflow that came of it. */
  act({ namespace, name }: Name, verb: Verb, body: object = {}): Promise<Workflow> {
    const path = `${objectPath(argoKind(resources.workflows), namespace, name)}/${verb}`
    return this.#put(path, 'PUT', { name, namespace, ...body })
  }

  /** What would be created, by the server's word. */
  rehearse(workflow: Workflow): Promise<Workflow> {
    const { namespace = '' } = workflow.metadata
    const path = collectionPath(argoKind(resources.workflows), namespace)
    return this.#put(path, 'POST', { namespace, serverDryRun: true, workflow })
  }

  async remove({ namespace, name }: Name, force: boolean): Promise<void> {
    const path = objectPath(argoKind(resources.workflows), namespace, name)
    await this.#connection.ask(withOptions(path, { force }), { method: 'DELETE' }).catch(rethrow)
  }

  /** An output artifact as the server keeps it; throws `NotFound`. */
  async artifact({ namespace, name }: Name, nodeId: string, artifact: string): Promise<Readable> {
    const parts = [namespace, name, nodeId, artifact].map(encodeURIComponent)
    return this.#connection.open(`/artifacts/${parts.join('/')}`, { accept: '*/*' }).catch(rethrow)
  }

  #put(path: string, method: 'POST' | 'PUT', body: object): Promise<Workflow> {
    return this.#connection.ask<Workflow>(path, { method, body }).catch(rethrow)
  }
}

function rethrow(error: unknown): never {
  throw argoError(error)
}
