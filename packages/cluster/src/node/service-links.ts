import type { Pod } from '@argosy/engine'

/** What of a Service becomes variables. */
export interface LinkedService {
  readonly metadata: { readonly name?: string }
  readonly spec?: {
    readonly clusterIP?: string
    readonly ports?: readonly {
      readonly name?: string
      readonly port: number
      readonly protocol?: string
    }[]
  }
}

/** Variables that all containers of a namespace share: written down once, however many are started. */
export interface ServiceLinks {
  readonly variables: Readonly<Record<string, string>>
  readonly count: number
  /** `NAME=value`, with a NUL between two. */
  readonly text: string
}

export const noLinks: ServiceLinks = { variables: {}, count: 0, text: '' }

export function wantsLinks({ spec }: Pod): boolean {
  return (spec as { readonly enableServiceLinks?: boolean }).enableServiceLinks !== false
}

/** The variables by which pods find the services of their namespace. */
export function serviceLinks(services: readonly LinkedService[]): ServiceLinks {
  // Where the API is, every pod is told anyway.
  const others = services.filter(({ metadata }) => metadata.name !== 'kubernetes')
  const variables = serviceVariables(others)
  const texts = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  return texts.length === 0 ? noLinks : { variables, count: texts.length, text: texts.join('\0') }
}

/** As the kubelet names them, in the order of the services' names. */
export function serviceVariables(services: readonly LinkedService[]): Record<string, string> {
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
