import type { NodeStatus, Workflow } from '@argosy/engine'
import { useEffect, useState } from 'react'
import { isOver, nodePhase } from '../../format/phase.ts'
import { LogView } from '../../parts/log-view.tsx'
import { containersOf, templateOf } from '../../state/pods.ts'
import { readLog } from '../../state/read-log.ts'

interface NodeLogProps {
  readonly run: Workflow
  readonly node: NodeStatus
  readonly attempts: readonly NodeStatus[]
}

interface Log {
  readonly lines: readonly string[]
  readonly state: 'reading' | 'whole' | 'broken'
  readonly error?: string
}

const nothing: Log = { lines: [], state: 'reading' }

/** The log of one container of one attempt, or of all attempts one after the other. */
export function NodeLog({ run, node, attempts }: NodeLogProps) {
  const containers = containersOf(templateOf(run, node))
  const [container, setContainer] = useState(
    node.type === 'Container' ? node.displayName : (containers[0] ?? 'main'),
  )
  const [attempt, setAttempt] = useState('')
  const wanted = attempts.filter(({ id }) => attempt === '' || id === attempt)
  const log = useLog(run, wanted, container)
  return (
    <>
      <div className="bar">
        {attempts.length > 1 && (
          <select
            className="input"
            style={{ width: 'auto' }}
            aria-label="Attempt"
            value={attempt}
            onChange={({ target }) => setAttempt(target.value)}
          >
            <option value="">all {attempts.length} attempts</option>
            {attempts.map(({ id, displayName, phase }) => (
              <option key={id} value={id}>
                {displayName}: {phase}
              </option>
            ))}
          </select>
        )}
        <select
          className="input"
          style={{ width: 'auto' }}
          aria-label="Container"
          value={container}
          onChange={({ target }) => setContainer(target.value)}
        >
          {containers.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <LogView
        lines={log.lines}
        follows={log.state === 'reading'}
        name={`${node.displayName}-${container}.log`}
        {...(log.error && { error: log.error })}
      />
    </>
  )
}

function useLog(run: Workflow, attempts: readonly NodeStatus[], container: string): Log {
  const [log, setLog] = useState(nothing)
  const key = `${attempts.map(({ id }) => id).join()} ${container}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that changes does not begin its logs again
  useEffect(() => {
    const stop = new AbortController()
    setLog(nothing)
    const add = (lines: readonly string[]) =>
      setLog((known) => ({ ...known, lines: [...known.lines, ...lines] }))
    const read = async () => {
      for (const node of attempts) {
        if (attempts.length > 1) add([`── ${node.displayName} ──`])
        const follow = !isOver(nodePhase(node))
        await readLog({ run, node, container, follow }, stop.signal, add)
      }
    }
    read().then(
      () => setLog((known) => ({ ...known, state: 'whole' })),
      (error: Error) => {
        if (!stop.signal.aborted)
          setLog((known) => ({ ...known, state: 'broken', error: error.message }))
      },
    )
    return () => stop.abort()
  }, [key])
  return log
}
