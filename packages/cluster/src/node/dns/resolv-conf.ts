/** What a resolver is told. */
export interface Resolving {
  readonly nameservers: readonly string[]
  /** Asked only when those are away. */
  readonly fallbacks?: readonly string[]
  readonly searches: readonly string[]
  /** As `ndots:5`. */
  readonly options: readonly string[]
}

/** A pod's `dnsConfig`. */
export interface DnsConfig {
  readonly nameservers?: readonly string[]
  readonly searches?: readonly string[]
  readonly options?: readonly { readonly name?: string; readonly value?: string }[]
}

/** Resolvers read no more. */
const mostServers = 3

export function parseResolvConf(text: string): Resolving {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/),
  )
  const of = (word: string) => lines.filter(([first]) => first === word)
  const searches = [...of('search'), ...of('domain')].at(-1) ?? []
  return {
    nameservers: of('nameserver').flatMap(([, address = '']) => (address ? [address] : [])),
    searches: searches.slice(1).filter((name) => name !== '.'),
    options: of('options').flatMap(([, ...options]) => options),
  }
}

/** As a cluster's pods have it; when the cluster's own name server is away, the machine's answer for all other names. */
export function clusterFirst(server: string, namespace: string, machine: Resolving): Resolving {
  const own = [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local']
  return {
    nameservers: [server],
    fallbacks: machine.nameservers,
    searches: [...own, ...machine.searches],
    options: ['ndots:5'],
  }
}

/** What a pod wants beside: its servers and searches behind the others, its options in place of them. */
export function withDnsConfig(
  base: Resolving,
  { nameservers = [], searches = [], options = [] }: DnsConfig,
): Resolving {
  const own = options.flatMap(({ name, value }) =>
    name ? [value === undefined || value === '' ? name : `${name}:${value}`] : [],
  )
  const named = new Set(own.map(nameOf))
  return {
    ...base,
    nameservers: [...base.nameservers, ...nameservers],
    searches: [...base.searches, ...searches],
    options: [...base.options.filter((one) => !named.has(nameOf(one))), ...own],
  }
}

function nameOf(option: string): string {
  return option.split(':', 1)[0] ?? ''
}

export function resolvConfText(resolving: Resolving): string {
  const { nameservers, fallbacks = [], searches, options } = resolving
  const servers = [...new Set([...nameservers, ...fallbacks])].slice(0, mostServers)
  const search = [...new Set(searches)]
  return [
    ...(search.length > 0 ? [`search ${search.join(' ')}\n`] : []),
    ...servers.map((server) => `nameserver ${server}\n`),
    ...(options.length > 0 ? [`options ${[...new Set(options)].join(' ')}\n`] : []),
  ].join('')
}
