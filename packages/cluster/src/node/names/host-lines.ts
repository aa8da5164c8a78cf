import { isIP } from 'node:net'
import { type NamedService, serviceCandidates } from '@argosy/kube'

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
  const known = new Map(services.map((one) => [`${one.name}.${one.namespace}`, one]))
  return services.flatMap((service) => [
    ...service.hosts.map(({ ip, hostname }) => ({
      ip,
      names: namesOf(service, namespace, `${hostname}.`),
    })),
    ...addressesOf(service, known).map((ip) => ({ ip, names: namesOf(service, namespace) })),
  ])
}

/** A service may be another name of a service that is another name. */
const mostNames = 8

/** Of a service that is another name, those of whom it names; of names elsewhere a hosts file knows none. */
function addressesOf(
  { addresses, externalName, namespace }: NamedService,
  known: ReadonlyMap<string, NamedService>,
  names = mostNames,
): readonly string[] {
  if (externalName === undefined) return addresses
  if (isIP(externalName)) return [externalName]
  if (names <= 1) return []
  const [target] = serviceCandidates(externalName, namespace).flatMap(({ host, ...one }) => {
    const found = known.get(`${one.name}.${one.namespace}`)
    return found && host === undefined ? [found] : []
  })
  return target ? addressesOf(target, known, names - 1) : []
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
