import type { KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { Connection } from '@argosy/kube/remote'
import type { Remote } from './connect.ts'

/** Where `argosy server` says that Argo's API is, for whoever can reach its Kubernetes API. */
export const announcement = { namespace: 'kube-public', name: 'argosy' } as const

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/**
 * Argo's own API beside a Kubernetes: the one that ARGO_SERVER names, as upstream reads it (ARGO_SECURE, ARGO_TOKEN,
 * ARGO_BASE_HREF, ARGO_INSECURE_SKIP_VERIFY), or the one that the Kubernetes tells of. Throws when there is none.
 */
export async function argoApi(remote: Remote): Promise<Connection> {
  const named = process.env['ARGO_SERVER']
  if (named) return new Connection(accessTo(named))
  const found = await remote.client.get<ConfigMap>({
    resource: resources.configMaps,
    ...announcement,
  })
  const server = found?.data?.['argoServer']
  if (server) return new Connection({ ...remote.connection.access, server })
  throw new Error(
    'this needs the API of an Argo Server: set ARGO_SERVER=host:port, or use the kubeconfig of `argosy server`',
  )
}

function accessTo(server: string) {
  const { ARGO_SECURE, ARGO_TOKEN, ARGO_BASE_HREF = '' } = process.env
  const scheme = isFalse(ARGO_SECURE) ? 'http' : 'https'
  const base = ARGO_BASE_HREF.replaceAll(/^\/+|\/+$/g, '')
  const insecure = process.env['ARGO_INSECURE_SKIP_VERIFY']
  return {
    server: `${scheme}://${server}${base && `/${base}`}`,
    ...(insecure && !isFalse(insecure) && { insecure: true }),
    ...(ARGO_TOKEN && { authorization: async () => ARGO_TOKEN }),
  }
}

function isFalse(text: string | undefined): boolean {
  return text !== undefined && ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)
}
