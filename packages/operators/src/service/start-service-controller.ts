import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { type KeeperOptions, keysWhere, matchSelector, startKeeper } from '@argosy/kube/workload'
import { advanceService } from './advance-service.ts'
import type { Listing, Service } from './service.ts'

/** Gives Services addresses, and keeps their Endpoints and EndpointSlices. */
export function startServiceController(options: KeeperOptions): AsyncDisposable {
  return startKeeper<Service>(
    {
      component: 'service-controller',
      resource: resources.services,
      with: [
        {
          resource: resources.pods,
          // Steps of workflows too: a service may lead to a daemon.
          keys: keysWhere<Service>(({ spec }, pod) =>
            matchSelector(spec.selector && { matchLabels: spec.selector }, pod.metadata.labels),
          ),
        },
        { resource: resources.endpoints },
        { resource: resources.endpointSlices },
      ],
      decide: async (service, reader) => {
        const { namespace = '', name = '' } = service.metadata
        const labelSelector = Object.entries(service.spec.selector ?? {})
          .map((pair) => pair.join('='))
          .join()
        const pods = labelSelector
          ? await reader.all<Pod>({ resource: resources.pods, namespace, labelSelector })
          : []
        const ref = { resource: resources.endpoints, namespace, name }
        const endpoints = await reader.client.get<Listing>(ref, reader.signal)
        const slices = await reader.all<Listing>({
          resource: resources.endpointSlices,
          namespace,
          labelSelector: `kubernetes.io/service-name=${name}`,
        })
        const services = await reader.all<Service>({ resource: resources.services })
        return advanceService({ service, services, pods, endpoints, slices })
      },
    },
    options,
  )
}
