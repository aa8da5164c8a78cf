import type { KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { Connection } from '@argosy/kube/remote'
import { argoKind, objectPath, withOptions } from './argo-server/argo-kinds.ts'
import type { Remote } from './connect.ts'
import type { Name } from './wait-for.ts'

/** Where `argosy server` says that Argo's API is, for whoever can reach its Kubernetes API. */
export const announcement = { namespace: 'kube-public', name: 'argosy' } as const

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** Whether Argo's own API is there, and tells who asks of this workflow: what both APIs can tell is asked where it is told faster. */
export async function argoApiKnows(remote: Remote, { namespace, name }: Name): Promise<boolean> {
  try {
    using api = await argoApi(remote)
    const path = objectPath(argoKind(resources.workflows), namespace, name)
    await api.ask(withOptions(path, { fields: 'metadata.name' }))
    return true
  } catch {
    return false
  }
}

/** Argo's own API: what is asked anyhow, or what the Kubernetes that is asked tells of. Throws when there is none. */
export async function argoApi({ argo, client, connection }: Remote): Promise<Connection> {
  const { access } = connection
  if (argo) return new Connection(access)
  if (access.impersonate) {
    throw new Error(
      'this asks an Argo Server, which lets nobody act as another: --as is not for it',
    )
  }
  const ref = { resource: resources.configMaps, ...announcement }
  const server = (await client.get<ConfigMap>(ref))?.data?.['argoServer']
  // Behind the socket of a kubeconfig only the Kubernetes API answers.
  if (server) return new Connection({ ...access, server, socket: undefined })
  throw new Error(
    'this needs the API of an Argo Server: set ARGO_SERVER=host:port, or use the kubeconfig of `argosy server`',
  )
}
