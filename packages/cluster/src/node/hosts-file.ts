import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pod } from '@argosy/engine'
import type { Mount } from './runtime.ts'

/** The pod's own /etc/hosts, when it has hostAliases: this machine's names and then its own, as the kubelet writes them. */
export function hostsMount({ spec }: Pod, root: string): Mount | undefined {
  if (!spec.hostAliases?.length) return undefined
  const source = join(root, 'hosts')
  writeFileSync(source, hostsText(machineHosts(), spec.hostAliases))
  return { source, target: '/etc/hosts', readOnly: false }
}

export function hostsText(
  machine: string,
  aliases: NonNullable<Pod['spec']['hostAliases']>,
): string {
  const lines = aliases.map(({ ip, hostnames }) => {
    const names = Array.isArray(hostnames) ? hostnames : []
    return `${ip}\t${names.join('\t')}`
  })
  const above = machine === '' || machine.endsWith('\n') ? machine : `${machine}\n`
  return `${above}\n# Entries added by HostAliases.\n${lines.join('\n')}\n`
}

function machineHosts(): string {
  try {
    return readFileSync('/etc/hosts', 'utf8')
  } catch {
    return '127.0.0.1\tlocalhost\n'
  }
}
