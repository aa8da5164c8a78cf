import { startServicePorts } from '@argosy/cluster/api-server'
import type { KeeperOptions } from '@argosy/kube/workload'

interface Choices {
  readonly host: string
  /** False: others act on Services. */
  readonly controllers: boolean
}

/** Opens the ports of Services where this server listens. */
export function keepServicePorts(
  { host, controllers }: Choices,
  options: KeeperOptions,
): AsyncDisposable | undefined {
  if (!controllers) return undefined
  return startServicePorts({
    ...options,
    nodeHosts: nodeHosts(host),
    // Elsewhere only 127.0.0.1 is there.
    ...(process.platform !== 'linux' && { ownHost: loopback }),
  })
}

const loopback = '127.0.0.1'

/** On the loopback always. */
function nodeHosts(host: string): readonly string[] {
  if (['0.0.0.0', '::'].includes(host)) return [host]
  return [...new Set([loopback, host === 'localhost' ? loopback : host])]
}
