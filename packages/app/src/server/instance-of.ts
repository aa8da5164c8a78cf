import { isLabelValue } from '@argosy/engine'
import type { Client } from '@argosy/kube'
import { controllerSettings } from '@argosy/server'
import { InputError } from '../run/prepare.ts'

/** The id of this server's controller: as the flag says, else the controller's ConfigMap; '': it has none. argo: Config.InstanceID. */
export async function instanceOf(client: Client, said: string | undefined): Promise<string> {
  const settings = await controllerSettings(client, AbortSignal.timeout(10_000))
  const id = said ?? settings['instanceID'] ?? ''
  if (typeof id === 'string' && isLabelValue(id)) return id
  const where = said === undefined ? 'workflow-controller-configmap: instanceID' : '--instanceid'
  throw new InputError([`${where}: expected the value of a label, got ${JSON.stringify(id)}`])
}
