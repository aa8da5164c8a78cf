import type { NamedService } from '@argosy/kube'

/** One line of a hosts file. */
export interface HostLine {
  readonly ip: string
  readonly names: readonly string[]
}

const domain = 'cluster.local'

/** By which names pods of a namespace find services, in the order of a cluster's search list. */
export function hostLines(
  services: readonly NamedService[],
  namespace: string,
): readonly HostLine[] {
  return services.flatMap((service) => [
    ...service.hosts.map(({ ip, hostname }) => ({
      ip,
      names: namesOf(service, namespace, `${hostname}.`),
    })),
    ...service.addresses.map((ip) => ({ ip, names: namesOf(service, namespace) })),
  ])
}

/** The whole name first: it is what an address is called when somebody asks the other way round. */
function namesOf({ name, namespace }: NamedService, from: string, host = ''): readonly string[] {
  const full = `${host}${name}.${namespace}.svc`
  const near = namespace === from ? [`${host}${name}`] : []
  return [`${full}.${domain}`, full, `${host}${name}.${namespace}`, ...near]
}

export function textOfLines(lines: readonly HostLine[]): string {
  return lines.map(({ ip, names }) => `${ip}\t${names.join(' ')}\n`).join('')
}
