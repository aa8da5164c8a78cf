import type { FindHost } from '@argosy/kube'

/** What `git` and `ssh` have to be told of a host that only the cluster knows. */
export interface GitPlace {
  readonly config: readonly string[]
  /** The text of ssh's configuration. */
  readonly ssh?: string
}

const nothing: GitPlace = { config: [] }

/** Leads `git` to the pods behind a service's name; certificates and keys of hosts are still those of the name. */
export async function gitPlace(repo: string, find: FindHost): Promise<GitPlace> {
  const url = urlOf(repo)
  const [address] = (url && (await find(url.hostname))) || []
  if (!url || address === undefined) return nothing
  const { protocol, hostname, port } = url
  if (protocol === 'http:' || protocol === 'https:') {
    const number = port || (protocol === 'https:' ? '443' : '80')
    return { config: [`http.curloptResolve=${hostname}:${number}:${address}`] }
  }
  if (protocol === 'ssh:')
    return {
      ...nothing,
      ssh: `Host ${hostname}\n  HostName ${address}\n  HostKeyAlias ${hostname}\n`,
    }
  const end = port === '' ? '/' : `:${port}/`
  return { config: [`url.git://${address}${end}.insteadOf=git://${hostname}${end}`] }
}

/** Undefined for a folder of this machine, and for what `git` may know and we do not. */
function urlOf(repo: string): URL | undefined {
  const [, host] = /^(?:[\w.-]+@)?([A-Za-z0-9.-]+):(?!\/\/)/.exec(repo) ?? []
  const text = host === undefined ? repo : `ssh://${host}`
  if (!/^(?:https?|ssh|git):\/\//.test(text) || !URL.canParse(text)) return undefined
  return new URL(text)
}
