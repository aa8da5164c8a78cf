import { hostname } from 'node:os'
import { lookAt, type UsageMeter, usageMeter } from '@argosy/cluster'
import type { Embedded } from '../embedded.ts'

/** What this machine's pods use, where their processes are this machine's own: not of an engine, nor of other nodes. */
export function usageOf({
  runtime,
  clock,
  dataDir,
}: Embedded): (UsageMeter & { readonly nodeName: string }) | undefined {
  const isOurs = runtime?.name === 'sandbox' || runtime?.name === 'process'
  if (!isOurs || process.platform !== 'linux') return undefined
  return { nodeName: hostname(), ...usageMeter({ clock, look: lookAt(dataDir, clock) }) }
}
