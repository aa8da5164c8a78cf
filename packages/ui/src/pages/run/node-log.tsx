import type { NodeStatus, Workflow } from '@argosy/engine'
import { useEffect, useRef, useState } from 'react'
import { isOver, nodePhase } from '../../format/phase.ts'
import { type Connection, connection } from '../../http/connection.ts'
import { Choice } from '../../parts/choice.tsx'
import { LogView } from '../../parts/log-view.tsx'
import { LogLines } from '../../state/follow-log.ts'
import { useSelected } from '../../state/observable.ts'
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
          <Choice
            label="Attempt"
            value={attempt}
            choose={setAttempt}
            options={[
              ['', `all ${attempts.length} attempts`],
              ...attempts.map(
                ({ id, displayName, phase }) => [id, `${displayName}: ${phase}`] as const,
              ),
            ]}
          />
        )}
        <Choice
          label="Container"
          value={container}
          choose={setContainer}
          options={containers.map((name) => [name, name] as const)}
        />
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

const roundOf = ({ round }: Connection) => round

function useLog(run: Workflow, attempts: readonly NodeStatus[], container: string): Log {
  const [log, setLog] = useState(nothing)
  const [round, setRound] = useState(0)
  const returns = useSelected(connection, roundOf)
  const key = `${attempts.map(({ id }) => id).join()} ${container}`
  const shown = useRef({ key, logs: new Map<string, LogLines>() })
  const latest = useRef(attempts)
  latest.current = attempts
  // biome-ignore lint/correctness/useExhaustiveDependencies: what broke off goes on when the server is back
  useEffect(() => {
    if (log.state === 'broken') setRound(returns)
  }, [returns])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that changes does not begin its logs again
  useEffect(() => {
    const stop = new AbortController()
    if (shown.current.key !== key) shown.current = { key, logs: new Map() }
    const { logs } = shown.current
    if (logs.size === 0) setLog(nothing)
    else setLog(({ lines }) => ({ lines, state: 'reading' }))
    const add = (lines: readonly string[]) =>
      setLog((known) => ({ ...known, lines: [...known.lines, ...lines] }))
    const read = async () => {
      for (const node of attempts) {
        if (attempts.length > 1 && !logs.has(node.id)) add([`── ${node.displayName} ──`])
        const lines = logs.get(node.id) ?? new LogLines()
        logs.set(node.id, lines)
        const isOver = () => isDone(latest.current.find(({ id }) => id === node.id) ?? node)
        const question = { run, node, container, follow: !isOver() }
        await lines.follow(
          {
            isOver: () => !question.follow || isOver(),
            read: (onLines) => readLog(question, stop.signal, onLines),
            pause: (ms) => pauseFor(ms, stop.signal),
          },
          add,
        )
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
  }, [key, round])
  return log
}

const isDone = (node: NodeStatus) => isOver(nodePhase(node))

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = window.setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
