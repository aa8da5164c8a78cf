import type { Pod } from '../spec/pod.ts'
import { type Hooks, lifecycleHooks } from './life-cycle-hooks.ts'
import type { Observation } from './observe.ts'

/**
 * Whether a step that is over has to be seen Running first, though its pod was too quick for that: a hook that asks for it
 * shall not depend on how long a step takes. Upstream hears of most pods while they run.
 */
export function needsGlimpse(
  pod: Pod,
  { phase }: Pick<Observation, 'phase'>,
  {
    hooks,
    daemon = false,
  }: { readonly hooks: Hooks | undefined; readonly daemon: boolean | undefined },
): boolean {
  if (phase === 'Pending' || phase === 'Running' || daemon) return false
  return lifecycleHooks(hooks).length > 0 && hasRun(pod)
}

function hasRun({ status }: Pod): boolean {
  const states = (status?.containerStatuses ?? []).map(({ state }) => state?.terminated?.startedAt)
  return states.some((startedAt) => startedAt !== undefined)
}
