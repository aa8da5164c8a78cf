import { resolve } from 'node:path'
import type { Access, Overrides } from '@argosy/kube/remote'
import type { RemoteFlags } from './remote-flags.ts'

type Fields = NonNullable<Overrides['cluster']>

/** What the command line says of the Kubernetes API and of who asks it, in a kubeconfig's words. */
export function overridesOf(flags: RemoteFlags): Overrides {
  const { server, cluster, user, asGroup = [] } = flags
  bothOrNone(flags)
  const ofCluster = said({
    server,
    'certificate-authority': pathOf(flags.certificateAuthority),
    'tls-server-name': flags.tlsServerName,
    'insecure-skip-tls-verify': flags.insecureSkipTlsVerify,
  })
  const ofUser = said({
    token: flags.token,
    username: flags.username,
    password: flags.password,
    as: flags.as,
    'as-groups': asGroup.length > 0 ? asGroup : undefined,
    'as-uid': flags.asUid,
    'client-certificate': pathOf(flags.clientCertificate),
    'client-key': pathOf(flags.clientKey),
  })
  return {
    ...(cluster && { clusterName: cluster }),
    ...(user && { userName: user }),
    ...{ cluster: ofCluster, user: ofUser },
  }
}

function said(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function pathOf(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path)
}

/** Of a client's certificate and its key. */
export function bothOrNone({ clientCertificate, clientKey }: RemoteFlags): void {
  if ((clientCertificate === undefined) === (clientKey === undefined)) return
  throw new Error('--client-certificate and --client-key must be provided together')
}

/** Headers as `name:value`, more than one with commas. argo: http1.parseHeaders; a value may have colons here. */
export function headersOf(texts: readonly string[]): NonNullable<Access['headers']> {
  const headers: Record<string, string[]> = {}
  for (const text of texts.flatMap((one) => one.split(','))) {
    const at = text.indexOf(':')
    const name = text.slice(0, at).trim()
    if (at < 0 || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
      throw new Error(`--header ${text}: expected NAME:VALUE`)
    }
    headers[name] = [...(headers[name] ?? []), text.slice(at + 1).trim()]
  }
  return headers
}

/** Where `--verbose` tells of requests to `server`. */
export function traceOf(
  server: string,
  { verbose, loglevel, logFormat = 'text' }: RemoteFlags,
  stderr: { write(text: string): unknown },
): Access['heard'] {
  const levels = ['debug', 'info', 'warn', 'error']
  if (loglevel !== undefined && !levels.includes(loglevel)) {
    throw new Error(`--loglevel ${loglevel}: expected one of ${levels.join(', ')}`)
  }
  if (!['text', 'json'].includes(logFormat)) {
    throw new Error(`--log-format ${logFormat}: expected text or json`)
  }
  if (!verbose && loglevel !== 'debug') return undefined
  return ({ method, path, code, ms }) => {
    const line = `${method} ${server}${path}: ${code} after ${Math.round(ms)} ms`
    const json = () => JSON.stringify({ level: 'debug', msg: line })
    stderr.write(logFormat === 'json' ? `${json()}\n` : `argosy: ${line}\n`)
  }
}
