import type { Pod } from '@argosy/engine'
import { type HostLine, textOfLines } from './host-lines.ts'

const begin = '# Services, kept up to date by the node.\n'
const end = '# End of services.\n'

export interface HostsParts {
  /** What the machine, or nobody, knows by name. */
  readonly above: string
  /** The pod itself. */
  readonly own: readonly HostLine[]
  readonly aliases: Pod['spec']['hostAliases']
  /** As `textOfLines` makes it. */
  readonly services: string
}

/** A pod's /etc/hosts, in the order in which the kubelet writes it. */
export function hostsText({ above, own, aliases = [], services }: HostsParts): string {
  const first = above === '' || above.endsWith('\n') ? above : `${above}\n`
  const added = aliases.map(({ ip, hostnames }) => {
    const names = Array.isArray(hostnames) ? hostnames : []
    return `${ip}\t${names.join('\t')}\n`
  })
  const more = added.length === 0 ? '' : `\n# Entries added by HostAliases.\n${added.join('')}`
  return `${first}${textOfLines(own)}${more}${begin}${services}${end}`
}

/**
 * The text with other services, what its pod has written besides left as it is; undefined when there is nothing to change.
 * Never shorter: it is written over the old one in one piece, so that nobody who reads meanwhile misses its beginning.
 */
export function withServices(text: string, lines: string): string | undefined {
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  if (from < 0 || to < 0) return undefined
  if (text.slice(from + begin.length, to) === lines) return undefined
  const rest = text.slice(to).replace(/\n+$/, '\n')
  return `${text.slice(0, from)}${begin}${lines}${rest}`.padEnd(text.length, '\n')
}
