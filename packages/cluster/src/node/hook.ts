import { type Container, isObject, type Json, type JsonObject } from '@argosy/engine'
import type { Clock } from '@argosy/kube'
import type { EventWords } from './events.ts'
import { actionOf } from './probe.ts'
import { askOverHttp, attemptProbe, type Probed } from './probe-attempt.ts'

export type HookKind = 'postStart' | 'preStop'

/** What is to be done when a container has started, or before it is ended. */
export interface Hook {
  readonly kind: HookKind
  /** Rejects with what went wrong. */
  run(signal: AbortSignal): Promise<void>
}

/** A container's hook; undefined when it has none. */
export function hookOf(
  container: Container,
  kind: HookKind,
  around: { readonly clock: Clock; readonly probed: Probed },
): Hook | undefined {
  const { lifecycle } = container
  const handler = isObject(lifecycle) ? lifecycle[kind] : undefined
  if (!isObject(handler)) return undefined
  return { kind, run: (signal) => perform(handler, container, { ...around, signal }) }
}

interface Doing {
  readonly clock: Clock
  readonly probed: Probed
  readonly signal: AbortSignal
}

async function perform(handler: JsonObject, container: Container, doing: Doing): Promise<void> {
  const { clock, probed, signal } = doing
  if (isObject(handler['sleep'])) {
    await clock.until(clock.now() + Number(handler['sleep']['seconds'] ?? 0) * 1000, signal)
    return
  }
  const action = actionOf(handler, container)
  // kubelet: whoever answers has been told, whatever the answer.
  if (action?.kind === 'http')
    await askOverHttp(action, probed, { agent: 'kube-lifecycle', signal })
  else if (action?.kind === 'exec') {
    const wrong = await attemptProbe(action, probed, signal)
    if (wrong !== undefined) throw new Error(wrong)
  } else throw new Error('invalid handler: it has neither exec, httpGet nor sleep')
}

/** What is in a container's hooks that no hook here can do, by its path below `lifecycle`. */
export function strangeHooks(lifecycle: Json | undefined): readonly string[] {
  if (!isObject(lifecycle)) return []
  return Object.entries(lifecycle).flatMap(([name, handler]) => {
    if (name !== 'postStart' && name !== 'preStop') return [name]
    const parts = isObject(handler) ? Object.keys(handler) : []
    return parts.filter((part) => !known.has(part)).map((part) => `${name}.${part}`)
  })
}

const known = new Set(['exec', 'httpGet', 'sleep'])

/** The kubelet's words. */
export function hookFailure(
  kind: 'PostStart' | 'PreStop',
  container: string,
  error: unknown,
): EventWords {
  const text = error instanceof Error ? error.message : String(error)
  return {
    type: 'Warning',
    reason: `Failed${kind}Hook`,
    message: `${kind}Hook failed for container ${container}: ${text}`,
  }
}
