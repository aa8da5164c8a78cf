import type { ServerResponse } from 'node:http'
import { RequestMeter } from '@argosy/cluster/api-server'
import { type Family, familyText, Histogram, QueueMeters } from '@argosy/kube'
import { ArgoRequestMeter } from '@argosy/server'
import { metricsType } from './metrics-door.ts'

/** What a server counts of its own work. */
export class ServerMeters {
  readonly queues = new QueueMeters()
  readonly requests = new RequestMeter()
  readonly argoRequests = new ArgoRequestMeter()
  readonly #commits = new Histogram(bounds)
  #rows = 0

  readonly committed = (rows: number, ms: number): void => {
    this.#rows += rows
    this.#commits.observe(ms / 1000)
  }

  /** `/metrics` of the Kubernetes API. */
  readonly answer = async ({ response }: { readonly response: ServerResponse }): Promise<void> => {
    response.writeHead(200, { 'Content-Type': metricsType })
    response.end(this.text())
  }

  /** As a scraper reads it. */
  text(): string {
    return [
      this.queues.text(),
      this.requests.text(),
      this.argoRequests.text(),
      familyText(commits, this.#commits.lines(commits.name, [])),
      familyText(rows, [`${rows.name} ${this.#rows}`]),
    ].join('')
  }
}

/** etcd's, by which people know how quick their disk is. */
const commits: Family = {
  ...{ name: 'etcd_disk_backend_commit_duration_seconds', type: 'histogram' },
  help: 'How long commits of the store took',
}
const rows: Family = {
  ...{ name: 'argosy_store_writes_total', type: 'counter' },
  help: 'How many versions of objects the store has written',
}
const bounds = Array.from({ length: 14 }, (_, at) => 0.001 * 2 ** at)
