import type { Health } from '../../state/live-runs.ts'
import { type Observable, useValue } from '../../state/observable.ts'

const words = { connecting: 'connecting', live: 'live', lost: 'not live' } as const

/** Whether what is shown is what is. */
export function LiveMark({ health }: { readonly health: Observable<Health> }) {
  const { liveness, error } = useValue(health)
  return (
    <span className="live" data-state={liveness} role="status" title={error?.message}>
      {words[liveness]}
    </span>
  )
}
