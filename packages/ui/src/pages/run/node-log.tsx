import type { NodeStatus, Workflow } from '@argosy/engine'
import { useRef, useState } from 'react'
import { isOver, nodePhase } from '../../format/phase.ts'
import { Choice } from '../../parts/choice.tsx'
import { LogView } from '../../parts/log-view.tsx'
import { LogLines } from '../../state/follow-log.ts'
import { containersOf, templateOf } from '../../state/pods.ts'
import { readLog } from '../../state/read-log.ts'
import { useLog } from '../../state/use-log.ts'

interface NodeLogProps {
  readonly run: Workflow
  readonly node: NodeStatus
  readonly attempts: readonly NodeStatus[]
}

/** The log of one container of one attempt, or of all attempts one after the other. */
export function NodeLog({ run, node, attempts }: NodeLogProps) {
  const containers = containersOf(templateOf(run, node))
  const [container, setContainer] = useState(
    node.type === 'Container' ? node.displayName : (containers[0] ?? 'main'),
  )
  const [attempt, setAttempt] = useState('')
  const wanted = attempts.filter(({ id }) => attempt === '' || id === attempt)
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
      <AttemptLogs
        key={`${wanted.map(({ id }) => id).join()} ${container}`}
        run={run}
        attempts={wanted}
        container={container}
        name={`${node.displayName}-${container}.log`}
      />
    </>
  )
}

interface AttemptLogsProps {
  readonly run: Workflow
  readonly attempts: readonly NodeStatus[]
  readonly container: string
  /** Of the file that they can be saved to. */
  readonly name: string
}

/** A run that changes does not begin its logs again; a reading that broke off goes on behind what is shown. */
function AttemptLogs({ run, attempts, container, name }: AttemptLogsProps) {
  const shown = useRef(new Map<string, LogLines>())
  const latest = useRef(attempts)
  latest.current = attempts
  const isOverNow = (node: NodeStatus) =>
    isDone(latest.current.find(({ id }) => id === node.id) ?? node)
  const log = useLog('', async ({ signal, add }) => {
    for (const node of attempts) {
      if (attempts.length > 1 && !shown.current.has(node.id)) add([`── ${node.displayName} ──`])
      const lines = shown.current.get(node.id) ?? new LogLines()
      shown.current.set(node.id, lines)
      const question = { run, node, container, follow: !isOverNow(node) }
      await lines.follow(
        {
          isOver: () => !question.follow || isOverNow(node),
          read: (onLines) => readLog(question, signal, onLines),
          pause: (ms) => pauseFor(ms, signal),
        },
        add,
      )
    }
  })
  return (
    <LogView
      lines={log.lines}
      follows={log.state === 'reading'}
      name={name}
      {...(log.error && { error: log.error })}
    />
  )
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
