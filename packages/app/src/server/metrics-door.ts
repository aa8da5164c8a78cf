import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface MetricsDoorOptions {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly text: () => string
}

export interface MetricsDoor extends AsyncDisposable {
  readonly url: string
}

/** What a scraper reads, over plain HTTP and for everybody who can reach it: it names workflows' templates, and no data. */
export async function openMetricsDoor({
  host,
  port,
  text,
}: MetricsDoorOptions): Promise<MetricsDoor> {
  const server = createServer((request, response) => {
    const isThere = request.method === 'GET' && (request.url ?? '').split('?')[0] === '/metrics'
    response.writeHead(isThere ? 200 : 404, { 'Content-Type': metricsType })
    response.end(isThere ? text() : 'there is only /metrics\n')
  })
  server.listen(port, host)
  await once(server, 'listening')
  const { port: own } = server.address() as AddressInfo
  const named = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${named}:${own}/metrics`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'
