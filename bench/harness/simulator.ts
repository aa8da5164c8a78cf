import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import type { Sample } from './samples.ts'

const megabyte = 2 ** 20

interface Node {
  readonly id: string
  readonly phase: string
  readonly [field: string]: unknown
}

/**
 * What a controller does that treats a workflow as one document (performance.md §7.1), once for each node that ends:
 * parse, clone every node, scan four times, write the whole, compressed above 1 MB.
 */
export function simulate(dir: string, count: number): Sample {
  using database = new DatabaseSync(`${dir}/simulator.db`)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('CREATE TABLE IF NOT EXISTS object (name TEXT PRIMARY KEY, body BLOB)')
  const write = database.prepare('INSERT OR REPLACE INTO object VALUES (?, ?)')
  let text = JSON.stringify(document(count))
  const times = count >= 10_000 ? 10 : 100
  const cpu = process.cpuUsage()
  const begin = performance.now()
  for (let time = 0; time < times; time++) {
    text = reconcile(text, time)
    const body = text.length > megabyte ? gzipSync(text).toString('base64') : text
    write.run('workflow', body)
  }
  const ms = performance.now() - begin
  const { user, system } = process.cpuUsage(cpu)
  return {
    perSecond: (times * 1000) / ms,
    msEach: ms / times,
    cpuMsEach: (user + system) / 1000 / times,
  }
}

function reconcile(text: string, event: number): string {
  const workflow = JSON.parse(text) as ReturnType<typeof document>
  const before = structuredClone(workflow.status.nodes)
  const nodes = workflow.status.nodes
  const all = Object.values(nodes)
  const id = `node-${event % all.length}`
  const node = nodes[id]
  if (node) nodes[id] = { ...node, phase: 'Succeeded', finishedAt: `2026-01-01T00:00:${event}Z` }
  const counts = ['Running', 'Failed', 'Pending', 'Succeeded'].map(
    (phase) => all.filter((one) => one.phase === phase).length,
  )
  if (counts.length + Object.keys(before).length < 0) throw new Error('never')
  return JSON.stringify(workflow)
}

function document(count: number) {
  const ids = Array.from({ length: count }, (_, index) => `node-${index}`)
  const nodes: Record<string, Node> = {}
  for (const id of ids) nodes[id] = nodeOf(id)
  return { metadata: { name: 'workflow' }, spec: {}, status: { phase: 'Running', nodes } }
}

/** About 530 bytes, as a Pod node of Argo's. */
function nodeOf(id: string): Node {
  return {
    id,
    name: `workflow[0].many(${id})`,
    displayName: `many(${id})`,
    type: 'Pod',
    templateName: 'step',
    templateScope: 'local/workflow',
    phase: 'Running',
    boundaryID: 'workflow-1234567890',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: null,
    estimatedDuration: 1,
    progress: '0/1',
    resourcesDuration: { cpu: 1, memory: 2 },
    inputs: { parameters: [{ name: 'index', value: id }] },
    outputs: {
      exitCode: '0',
      artifacts: [{ name: 'main-logs', s3: { key: `workflow/${id}/main.log` } }],
    },
    hostNodeName: 'node-1',
  }
}
