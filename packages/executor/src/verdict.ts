import type { NodePhase, Outputs } from '@argosy/engine'
import type { BuiltInCall } from './built-in.ts'

/** What one of our own programs has found, beside its exit code. */
export interface Verdict {
  /** Of the node; without one it follows from how the container ended. */
  readonly phase?: NodePhase
  readonly message?: string
  readonly outputs?: Outputs
}

/** Where a program leaves its verdict, inside the container. */
const verdictFile = '/var/run/argo/verdict.json'

export function leaveVerdict(call: BuiltInCall, verdict: Verdict): Promise<void> {
  return call.write(verdictFile, JSON.stringify(verdict))
}

export async function readVerdict(
  read: (path: string) => Promise<string | undefined>,
): Promise<Verdict> {
  return JSON.parse((await read(verdictFile)) ?? '{}') as Verdict
}
