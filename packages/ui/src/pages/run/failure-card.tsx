import type { NodeStatus, Workflow } from '@argosy/engine'
import { Fragment, useEffect, useMemo, useState } from 'react'
import { exactTime } from '../../format/time.ts'
import type { Nodes } from '../../graph/owners.ts'
import { Deed } from '../../parts/deed.tsx'
import { Icon } from '../../parts/icon.tsx'
import { ScrollText } from '../../parts/scroll-text.tsx'
import { causeChain, rootFailures, triesOf } from '../../state/failure.ts'
import { attemptsOf } from '../../state/pods.ts'
import { readLog } from '../../state/read-log.ts'
import { useRights } from '../../state/rights.ts'
import { creating, placeOf, retrying } from '../../state/run-actions.ts'
import { perform } from './perform.ts'
import { ResubmitDialog } from './resubmit-dialog.tsx'
import { ShellButton } from './shell-button.tsx'

interface FailureCardProps {
  readonly run: Workflow
  readonly nodes: Nodes
  readonly select: (id: string | undefined) => void
}

/** The first thing to see of a failed run: which step, why, its last words, and what helps. */
export function FailureCard({ run, nodes, select }: FailureCardProps) {
  const failures = useMemo(() => rootFailures(nodes), [nodes])
  const place = placeOf(run)
  const whyNot = useRights([place])
  const [resubmitting, setResubmitting] = useState(false)
  const first = failures[0]
  const chain = first ? causeChain(nodes, first.id) : []
  return (
    <section className="failure" aria-label="Why it failed">
      <div className="failure-head">
        <Icon name="warn" />
        <div className="grow">
          <h2>
            {first ? (
              <button type="button" className="as-link" onClick={() => select(first.id)}>
                {first.displayName}
              </button>
            ) : (
              'The run itself'
            )}{' '}
            {first?.phase === 'Error' ? 'could not run' : 'failed'}
            {(first?.message ?? run.status?.message)
              ? `: ${first?.message ?? run.status?.message}`
              : ''}
          </h2>
          <Chain
            chain={chain}
            others={failures.slice(1)}
            select={select}
            tries={first ? triesOf(nodes, first.id) : 1}
          />
        </div>
        <div className="row">
          <Deed
            look="main"
            icon="retry"
            whyNot={whyNot(retrying, place)}
            act={() => void perform({ name: 'retry', done: 'retried' }, run)}
          >
            {failures.length === 1 ? 'Retry from here' : 'Retry what failed'}
          </Deed>
          <Deed icon="plus" whyNot={whyNot(creating, place)} act={() => setResubmitting(true)}>
            Resubmit with changes
          </Deed>
          {first && <ShellButton run={run} node={first} />}
        </div>
      </div>
      {first && <LastLines run={run} node={first} />}
      {resubmitting && <ResubmitDialog run={run} onClose={() => setResubmitting(false)} />}
    </section>
  )
}

interface ChainProps {
  readonly chain: readonly NodeStatus[]
  /** What else failed by itself. */
  readonly others: readonly NodeStatus[]
  readonly select: (id: string) => void
  readonly tries: number
}

/** So many are named; the table has them all. */
const mostNamed = 3

function Chain({ chain, others, tries, select }: ChainProps) {
  const [first] = chain
  return (
    <p className="quiet">
      {chain
        .toReversed()
        .map(({ displayName }) => displayName)
        .join(' › ')}
      {first?.finishedAt && ` · ${exactTime(first.finishedAt)}`}
      {tries > 1 && ` · tried ${tries} times`}
      {others.length > 0 && ' · so did '}
      {others.slice(0, mostNamed).map(({ id, displayName }, at) => (
        <Fragment key={id}>
          {at > 0 && ', '}
          <button type="button" className="as-link" onClick={() => select(id)}>
            {displayName}
          </button>
        </Fragment>
      ))}
      {others.length > mostNamed && ` and ${others.length - mostNamed} more`}
    </p>
  )
}

const tail = 12

function LastLines({ run, node }: { readonly run: Workflow; readonly node: NodeStatus }) {
  const [lines, setLines] = useState<readonly string[]>()
  const attempt = attemptsOf(run, node).at(-1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the log of a step that ended does not change with the run
  useEffect(() => {
    if (!attempt) return
    const stop = new AbortController()
    const found: string[] = []
    readLog({ run, node: attempt, container: 'main', follow: false, tail }, stop.signal, (more) => {
      found.push(...more)
    }).then(
      () => setLines(found.slice(-tail)),
      (error: Error) => !stop.signal.aborted && setLines([`(no log: ${error.message})`]),
    )
    return () => stop.abort()
  }, [attempt?.id])
  if (!attempt) return null
  const text = lines?.join('\n') || '(it wrote nothing)'
  const toEnd = (element: HTMLElement | null) => element?.scrollTo(0, element.scrollHeight)
  return (
    <ScrollText look="last-lines" label="Last lines of its log" ref={toEnd}>
      {lines ? text : '…'}
    </ScrollText>
  )
}
