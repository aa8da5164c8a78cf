import { readFileSync } from 'node:fs'
import { arch, cpus, hostname, platform, release, totalmem } from 'node:os'
import type { MachineFacts } from '@argosy/operators/built-in'
import { version } from '../version.ts'

/** What this machine says of itself as a Node. */
export function machineFacts(runtime: string, pods: number): MachineFacts {
  const own = version()
  return {
    name: hostname(),
    // Pods have the machine's own network, and are reached by its loopback.
    addresses: ['127.0.0.1'],
    cpus: cpus().length,
    memoryBytes: totalmem(),
    pods,
    os: platform(),
    arch: { x64: 'amd64', ia32: '386' }[arch() as string] ?? arch(),
    kernel: release(),
    osImage: /^PRETTY_NAME="?([^"\n]*)/m.exec(read('/etc/os-release'))?.[1] ?? platform(),
    machineId: read('/etc/machine-id').trim(),
    bootId: read('/proc/sys/kernel/random/boot_id').trim(),
    version: 'v1.33.0+argosy',
    runtime: `argosy-${runtime}://${own}`,
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
