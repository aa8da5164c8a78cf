import type { Client } from '@argosy/kube'
import { putOwnService, removeOwnService } from './own-service.ts'

const place = { namespace: 'kube-system', name: 'kube-dns' }

/** The Service by which programs look for the cluster's name server; there is none where there is no such server. */
export async function keepNameService(client: Client, host: string | undefined): Promise<void> {
  if (host === undefined) return removeOwnService(client, place)
  await putOwnService(client, {
    ...{ ...place, host },
    labels: {
      'k8s-app': 'kube-dns',
      'kubernetes.io/cluster-service': 'true',
      'kubernetes.io/name': 'CoreDNS',
    },
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    ],
  })
}
