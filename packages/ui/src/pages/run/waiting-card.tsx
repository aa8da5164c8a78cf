import type { Workflow } from '@argosy/engine'
import { Icon } from '../../parts/icon.tsx'
import { useNow } from '../../parts/use-now.ts'
import { waitingFor } from '../../state/waiting.ts'

interface WaitingCardProps {
  readonly run: Workflow
  readonly select: (id: string | undefined) => void
}

/** So many are told; the table has them all. */
const most = 3

/** The first thing to see of a run that stands: what it waits for, and who can help. */
export function WaitingCard({ run, select }: WaitingCardProps) {
  const waits = waitingFor(run, Math.floor(useNow() / 5000) * 5000)
  if (waits.length === 0) return null
  return (
    <section className="waiting" aria-label="What it waits for">
      <ul className="stack tight">
        {waits.slice(0, most).map(({ node, words, isAsked }) => (
          <li key={node?.id ?? words}>
            <Icon name={isAsked ? 'person' : 'clock'} />
            <span>
              {node && (
                <button type="button" className="as-link" onClick={() => select(node.id)}>
                  {node.displayName}
                </button>
              )}
              {node && ': '}
              {words}
            </span>
            {node && isAsked && (
              <button type="button" className="button" onClick={() => select(node.id)}>
                Answer
              </button>
            )}
          </li>
        ))}
        {waits.length > most && <li className="quiet">and {waits.length - most} more</li>}
      </ul>
    </section>
  )
}
