import type { Client } from '@argosy/kube'
import { putOwnService } from './own-service.ts'

/** The Service by which programs in pods look for the API: it leads straight to where the server listens. */
export async function keepKubernetesService(client: Client, url: string): Promise<void> {
  const { hostname, port } = new URL(url)
  await putOwnService(client, {
    ...{ namespace: 'default', name: 'kubernetes', host: hostname },
    labels: { component: 'apiserver', provider: 'kubernetes' },
    ports: [{ name: 'https', port: Number(port), protocol: 'TCP' }],
  })
}
