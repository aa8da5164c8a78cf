import type { KubeObject } from '@argosy/engine'
import { type Client, ignore, resources } from '@argosy/kube'
import { announcement } from '../remote/argo-api.ts'

/** Says in the Kubernetes where Argo's API is: whoever has the kubeconfig finds both. */
export async function announceArgo(client: Client, url: string): Promise<void> {
  const { namespace, name } = announcement
  const resource = resources.configMaps
  const data = { argoServer: url }
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data }
  const made = await client
    .create(resource, object as KubeObject)
    .catch(ignore('AlreadyExists', 'Forbidden'))
  if (made === undefined) {
    await client
      .patch({ resource, namespace, name }, { type: 'merge', body: { data } })
      .catch(ignore('NotFound', 'Forbidden'))
  }
}
