import { readFile } from 'node:fs/promises'
import type { Access, Context } from '@argosy/kube/remote'
import type { RemoteFlags } from '../remote-flags.ts'
import { bothOrNone, headersOf } from '../said-access.ts'

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
  if (flags.as !== undefined) {
    throw new Error('--as is for the Kubernetes API: an Argo Server lets nobody act as another')
  }
  const own = await kubeconfig()
  return {
    access: {
      server: addressOf(place, flags, environment),
      insecure: flags.insecureSkipVerify ?? environment['ARGO_INSECURE_SKIP_VERIFY'] === 'true',
      ...credentials(flags, environment, own),
      ...((flags.header ?? []).length > 0 && { headers: headersOf(flags.header ?? []) }),
      ...(await certificates(flags)),
    },
    name: place,
    namespace: environment['ARGO_NAMESPACE'] || own?.namespace || 'default',
  }
}

function addressOf(place: string, flags: RemoteFlags, environment: Environment): string {
  if (/^https?:/.test(place)) {
    throw new Error(`--argo-server ${place}: expected HOST:PORT, without http:// or https://`)
  }
  const isSecure = flags.secure ?? environment['ARGO_SECURE'] !== 'false'
  const path = (flags.argoBaseHref ?? environment['ARGO_BASE_HREF'] ?? '').replace(/^\/|\/$/g, '')
  return `${isSecure ? 'https' : 'http'}://${place}${path === '' ? '' : `/${path}`}`
}

function credentials(
  { token }: RemoteFlags,
  environment: Environment,
  own: Context | undefined,
): Pick<Access, 'authorization'> {
  const said = environment['ARGO_TOKEN'] || (token && `Bearer ${token}`)
  const authorization = said ? async () => said : own?.access.authorization
  return { ...(authorization && { authorization }) }
}

/** Of an Argo Server only the command line says anything: a kubeconfig's are for its Kubernetes. */
async function certificates(flags: RemoteFlags): Promise<Pick<Access, 'ca' | 'cert' | 'key'>> {
  const { certificateAuthority: ca, clientCertificate: cert, clientKey: key } = flags
  bothOrNone(flags)
  return {
    ...(ca && { ca: await pem('--certificate-authority', ca) }),
    ...(cert && { cert: await pem('--client-certificate', cert) }),
    ...(key && { key: await pem('--client-key', key) }),
  }
}

async function pem(flag: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new Error(`${flag} ${path}: ${error.message}`)
  })
}
