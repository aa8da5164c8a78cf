import type { Workflow } from '@argosy/engine'
import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { Deed } from '../../parts/deed.tsx'
import { tell } from '../../parts/toasts.tsx'
import { useRights } from '../../state/rights.ts'
import type { RunAction, RunActionName } from '../../state/run-actions.ts'

interface BulkBarProps {
  readonly runs: readonly Workflow[]
  readonly actions: readonly RunAction[]
  readonly act: Act
  readonly clear: () => void
  readonly onDone?: () => void
}

type Act = (action: RunActionName, run: Workflow) => Promise<unknown>

/** One act for all chosen runs, offered with the number of runs that it suits. */
export function BulkBar({ runs, actions, act, clear, onDone }: BulkBarProps) {
  const [asked, setAsked] = useState<RunAction>()
  const mayNot = useBulkRights(runs)
  const suited = asked ? runs.filter(asked.suits) : []
  const done = () => {
    clear()
    onDone?.()
  }
  return (
    <section className="bar" aria-label="For the chosen runs" data-tone="chosen">
      <b role="status">{runs.length} chosen</b>
      {actions.map((action) => {
        const suiting = runs.filter(action.suits)
        const count = suiting.length
        return (
          <Deed
            key={action.name}
            icon={action.icon}
            disabled={count === 0}
            whyNot={mayNot(action, suiting)}
            act={() => setAsked(action)}
          >
            {action.title}
            {count > 0 && count < runs.length && <span className="quiet">{count}</span>}
          </Deed>
        )
      })}
      <span className="grow" />
      <button type="button" className="button" data-look="bare" onClick={clear}>
        Choose none
      </button>
      {asked && (
        <Ask
          title={`${asked.title} ${plural(suited.length)}?`}
          yes={asked.title}
          danger={asked.question !== undefined}
          onClose={() => setAsked(undefined)}
          onYes={() => void actOnAll(asked, suited, act).then(done)}
        >
          {asked.question && <p>{asked.question}</p>}
          <p className="quiet">
            {suited
              .slice(0, 5)
              .map(({ metadata }) => metadata.name)
              .join(', ')}
            {suited.length > 5 && ` and ${suited.length - 5} more`}
          </p>
        </Ask>
      )}
    </section>
  )
}

/** The first reason why it cannot be done with all of these. */
function useBulkRights(runs: readonly Workflow[]) {
  const places = [...new Set(runs.map(({ metadata }) => metadata.namespace ?? ''))].map(
    (namespace) => ({ namespace }),
  )
  const whyNot = useRights(places)
  return ({ needs }: RunAction, suiting: readonly Workflow[]) =>
    suiting
      .map(({ metadata: { namespace = '' } }) => whyNot(needs, { namespace }))
      .find((why) => why !== undefined)
}

function plural(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`
}

const atOnce = 6

/** A few at a time; one that fails does not keep the others. */
async function actOnAll(action: RunAction, runs: readonly Workflow[], act: Act): Promise<void> {
  const failures: string[] = []
  const queue = [...runs]
  const work = async () => {
    for (let run = queue.shift(); run; run = queue.shift()) {
      const { name } = run.metadata
      await act(action.name, run).catch((error: Error) =>
        failures.push(`${name}: ${error.message}`),
      )
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const good = runs.length - failures.length
  if (good > 0) tell('good', `${plural(good)} ${action.done}`)
  if (failures.length > 0) tell('bad', failures.slice(0, 3).join('; '))
}
