import type { FlowShape } from '../../graph/flow-shape.ts'
import { segments } from '../../http/api.ts'
import { readStream } from '../../http/stream.ts'
import { LogView } from '../../parts/log-view.tsx'
import { useLog } from '../../state/use-log.ts'

interface LogEntry {
  readonly time?: string
  readonly level?: string
  readonly eventName?: string
  readonly triggerName?: string
  readonly msg?: string
}

const tailLines = 500

/** What the pods wrote that run a source or a sensor, and go on writing; of an event or a trigger only what is of it. */
export function FlowLog({ shape }: { readonly shape: FlowShape }) {
  const { namespace, object, genre, label, standing } = shape
  const kind = object?.kind === 'Sensor' ? 'sensors' : 'event-sources'
  const name = object?.metadata.name ?? ''
  const part =
    genre === 'event' ? { eventName: label } : genre === 'trigger' ? { triggerName: label } : {}
  const log = useLog(shape.id, ({ signal, add, clear }) => {
    clear()
    return readStream<LogEntry>({
      path: `stream/${kind}/${segments(namespace)}/logs`,
      query: {
        ...{ name, ...part },
        'podLogOptions.follow': true,
        'podLogOptions.tailLines': tailLines,
      },
      signal,
      onFrames: (entries) => add(entries.map(lineOf)),
    })
  })
  return (
    <>
      {standing === 'stored' && log.lines.length === 0 && (
        <p className="body quiet log-hint">
          Nothing runs it, so there is nothing that could write a log. Lines of pods with its label
          would come here.
        </p>
      )}
      <LogView
        lines={log.lines}
        follows={log.state === 'reading'}
        name={`${name}.log`}
        {...(log.error && { error: log.error })}
      />
    </>
  )
}

function lineOf({ time, level, eventName, triggerName, msg }: LogEntry): string {
  return [time, level, eventName ?? triggerName, msg].filter((word) => word).join(' ')
}
