import { instanceClient } from '@argosy/kube'
import { ControllerMetrics } from '@argosy/operators'
import type { Embedded } from '../embedded.ts'
import { openMetricsDoor } from './metrics-door.ts'
import type { ServerMeters } from './server-meters.ts'

export interface ServerMetricsOptions {
  readonly host: string
  /** Where scrapers read them without a token; undefined: nowhere. */
  readonly metricsPort?: number
  /** Whether it is this process that controls workflows. */
  readonly controllers: boolean
  readonly version: string
  /** Whose workflows are counted. */
  readonly instance: string
  readonly meters: Pick<ServerMeters, 'text'>
  readonly log: (line: string) => void
}

export interface ServerMetrics extends AsyncDisposable {
  readonly text: () => string
}

/** The metrics of a server: its controller's, and those that workflows define. */
export async function serverMetrics(
  { client, clock, metrics }: Embedded,
  options: ServerMetricsOptions,
): Promise<ServerMetrics> {
  const { host, metricsPort: port, controllers: leads, version, instance, meters, log } = options
  const open = new AsyncDisposableStack()
  const own = instanceClient(client, instance)
  const counted = open.use(new ControllerMetrics({ client: own, clock, version, leads }))
  const text = () => counted.text() + metrics.text() + meters.text()
  try {
    if (port !== undefined) {
      const door = open.use(await openMetricsDoor({ host, port, text }))
      log(`metrics are at ${door.url}`)
    }
  } catch (error) {
    await open.disposeAsync()
    throw error
  }
  return { text, [Symbol.asyncDispose]: () => open.disposeAsync() }
}
