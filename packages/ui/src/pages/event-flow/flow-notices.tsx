import type { Flow } from '../../graph/flow.ts'
import { Icon } from '../../parts/icon.tsx'
import type { EventFlow } from '../../state/event-flow.ts'

interface FlowNoticesProps {
  readonly told: EventFlow
  readonly flow: Flow
}

/** What the picture does not say by itself: what of it nobody runs, and what is not in it. */
export function FlowNotices({ told, flow }: FlowNoticesProps) {
  const isStored = flow.shapes.some(
    ({ standing, object }) =>
      object !== undefined && (standing === 'stored' || standing === 'wrong'),
  )
  return (
    <>
      {isStored && (
        <p className="notice strip-notice" data-tone="warn" role="note">
          <Icon name="warn" />
          <span>
            Argosy does not run event sources and sensors yet: what has a dashed frame is stored at
            most, and no event comes from it. Event bindings are run.
          </span>
        </p>
      )}
      {told.refused.length > 0 && (
        <p className="notice strip-notice" role="note">
          <Icon name="eye" />
          <span title={told.refused.map(({ message }) => message).join('\n')}>
            Not shown, because you may not see them here:{' '}
            {told.refused.map(({ kind }) => kind).join(', ')}.
          </span>
        </p>
      )}
    </>
  )
}
