import type { KubeObject, Pod } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'

interface Service extends KubeObject {
  readonly spec?: {
    readonly clusterIP?: string
    readonly ports?: readonly {
      readonly name?: string
      readonly port: number
      readonly protocol?: string
    }[]
  }
}

/** The variables by which a pod finds the services of its namespace, unless it wants none. */
export async function serviceLinks(pod: Pod, client: Client): Promise<Record<string, string>> {
  const { enableServiceLinks } = pod.spec as { readonly enableServiceLinks?: boolean }
  if (enableServiceLinks === false) return {}
  const { namespace = 'default' } = pod.metadata
  const { items } = await client.list<Service>({ resource: resources.services, namespace })
  // Where the API is, every pod is told anyway.
  return serviceVariables(items.filter(({ metadata }) => metadata.name !== 'kubernetes'))
}

/** As the kubelet names them, in the order of the services' names. */
export function serviceVariables(services: readonly Service[]): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const { metadata, spec } of services) {
    const { clusterIP = '', ports = [] } = spec ?? {}
    const [first] = ports
    if (clusterIP === '' || clusterIP === 'None' || !first) continue
    const name = constant(metadata.name ?? '')
    variables[`${name}_SERVICE_HOST`] = clusterIP
    variables[`${name}_SERVICE_PORT`] = String(first.port)
    const url = ({ port, protocol = 'TCP' }: typeof first) =>
      `${protocol.toLowerCase()}://${clusterIP}:${port}`
    variables[`${name}_PORT`] = url(first)
    for (const one of ports) {
      const { name: portName, port, protocol = 'TCP' } = one
      if (portName) variables[`${name}_SERVICE_PORT_${constant(portName)}`] = String(port)
      const prefix = `${name}_PORT_${port}_${protocol}`
      variables[prefix] = url(one)
      variables[`${prefix}_PROTO`] = protocol.toLowerCase()
      variables[`${prefix}_PORT`] = String(port)
      variables[`${prefix}_ADDR`] = clusterIP
    }
  }
  return variables
}

function constant(name: string): string {
  return name.toUpperCase().replaceAll('-', '_')
}
