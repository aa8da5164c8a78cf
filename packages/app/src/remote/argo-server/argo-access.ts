import type { Access, Context } from '@argosy/kube/remote'
import type { RemoteFlags } from '../remote-flags.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * How an Argo Server is reached, when the flags or the environment name one. argo: cmd/argo/commands/client/conn.go; the
 * kubeconfig is asked for what neither of them says.
 */
export async function argoAccess(
  flags: RemoteFlags,
  environment: Environment,
  kubeconfig: () => Promise<Context | undefined>,
): Promise<Context | undefined> {
  const place = flags.argoServer ?? environment['ARGO_SERVER'] ?? ''
  if (place === '') return undefined
  if (/^https?:/.test(place)) {
    throw new Error(`--argo-server ${place}: expected HOST:PORT, without http:// or https://`)
  }
  const isSecure = flags.secure ?? environment['ARGO_SECURE'] !== 'false'
  const path = (flags.argoBaseHref ?? environment['ARGO_BASE_HREF'] ?? '').replace(/^\/|\/$/g, '')
  const own = await kubeconfig()
  const token = environment['ARGO_TOKEN']
  const authorization = token ? async () => token : own?.access.authorization
  const access: Access = {
    server: `${isSecure ? 'https' : 'http'}://${place}${path === '' ? '' : `/${path}`}`,
    insecure: flags.insecureSkipVerify ?? environment['ARGO_INSECURE_SKIP_VERIFY'] === 'true',
    ...(authorization && { authorization }),
  }
  return {
    access,
    name: place,
    namespace: environment['ARGO_NAMESPACE'] || own?.namespace || 'default',
  }
}
