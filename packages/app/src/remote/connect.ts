import { join } from 'node:path'
import { type Client, instanceClient } from '@argosy/kube'
import {
  type Access,
  Connection,
  type Context,
  type Heard,
  httpClient,
  KubeconfigError,
  readContext,
} from '@argosy/kube/remote'
import { defaultDataDir } from '../commands/data-folder.ts'
import { argoAccess } from './argo-server/argo-access.ts'
import type { ArgoServer } from './argo-server/argo-server.ts'
import type { RemoteFlags } from './remote-flags.ts'
import { overridesOf, traceOf } from './said-access.ts'

/** A server, as its user sees it. */
export interface Remote extends Disposable {
  readonly client: Client
  readonly connection: Connection
  /** Where things without a namespace of their own are looked for. */
  readonly namespace: string
  /** Set when an Argo Server is asked: what it does itself must not be done by patches. */
  readonly argo?: ArgoServer
}

/** Finds the server; throws `KubeconfigError` when nothing says where it is. `meter` hears of each request. */
export async function connect(flags: RemoteFlags, meter?: Access['heard']): Promise<Remote> {
  const argo = await argoAccess(flags, process.env, () => contextOf(flags).catch(() => undefined))
  if (argo) return connectArgo(argo, flags)
  const { access, namespace } = await contextOf(flags)
  const connection = new Connection(heardBy(access, flags, meter))
  const instance = flags.instanceid ?? process.env['ARGO_INSTANCEID'] ?? ''
  const client = httpClient(connection)
  return {
    ...{ connection, namespace: flags.namespace ?? namespace },
    client: instance === '' ? client : instanceClient(client, instance),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  }
}

async function connectArgo({ access, namespace }: Context, flags: RemoteFlags): Promise<Remote> {
  const { argoClient } = await import('./argo-server/argo-client.ts')
  const { ArgoServer } = await import('./argo-server/argo-server.ts')
  const connection = new Connection(heardBy(access, flags, undefined))
  return {
    ...{ connection, client: argoClient(connection), argo: new ArgoServer(connection) },
    namespace: flags.namespace ?? namespace,
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  }
}

function heardBy(access: Access, flags: RemoteFlags, meter: Access['heard']): Access {
  const trace = traceOf(access.server, flags, process.stderr)
  if (!trace && !meter) return access
  const heard = (request: Heard) => {
    trace?.(request)
    meter?.(request)
  }
  return { ...access, heard }
}

async function contextOf(flags: RemoteFlags): Promise<Context> {
  const { kubeconfig, context } = flags
  const overrides = overridesOf(flags)
  const choice = { overrides, ...(kubeconfig && { kubeconfig }), ...(context && { context }) }
  try {
    return await readContext(choice)
  } catch (error) {
    if (!(error instanceof KubeconfigError) || kubeconfig || process.env['KUBECONFIG']) throw error
    const own = join(defaultDataDir(), 'kubeconfig')
    return readContext({ ...choice, kubeconfig: own }).catch(() => {
      throw new KubeconfigError(
        `${error.message}; start \`argosy server\`, or say --kubeconfig FILE`,
      )
    })
  }
}
