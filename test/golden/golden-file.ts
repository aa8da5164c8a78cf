import { readdirSync, readFileSync } from 'node:fs'
import { isObject, type JsonObject } from '../../packages/engine/src/index.ts'
import type { Workflow, WorkflowTemplate } from '../../packages/engine/src/spec/workflow.ts'
import type { CacheMap } from '../../packages/engine/src/workflow/memo/cache-entry.ts'
import type { Outcome } from '../../packages/engine/src/workflow/testing/play.ts'
import { parseYaml } from '../../packages/kube/src/manifest/parse-yaml.ts'
import { readWorkflow, storedTemplates } from './expand.ts'

/** One workflow from its first pass to its last. README.md in this folder says how it is written. */
export interface GoldenCase {
  readonly family: string
  readonly name: string
  readonly workflow: Workflow
  readonly stored: readonly WorkflowTemplate[]
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly caches: Record<string, CacheMap>
  readonly baseline: Workflow | undefined
  /** How pods end, by the short name of their node. */
  readonly ends: Readonly<Record<string, Outcome>>
  /** What people do meanwhile: `condition: act`, one after the other. */
  readonly events: readonly string[]
  readonly want: Want
}

export interface Want {
  /** The end of the workflow: `Phase: message`. */
  readonly end: string
  /** Facts of the workflow, by path. */
  readonly facts: Facts
  readonly nodes: Readonly<Record<string, WantedNode>>
}

export interface WantedNode {
  readonly line: string
  readonly facts: Facts
}

export type Facts = Readonly<Record<string, string>>

const folder = new URL('./', import.meta.url)

export function goldenFiles(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.golden'))
    .toSorted()
}

/** The preamble of the file, then its cases: `== name`, the workflow, `--`, its history, `->`, its end. */
export function goldenCases(file: string): readonly GoldenCase[] {
  const [preamble = '', ...parts] = readFileSync(new URL(file, folder), 'utf8').split(/^== /m)
  const shared = yaml(preamble, file)
  return parts.map((part) => goldenCase(part, file, shared))
}

/** One case: its name on the first line, without the `==`. */
export function goldenCase(part: string, file: string, shared: JsonObject): GoldenCase {
  const [title = '', ...lines] = part.split('\n')
  const arrow = lines.findIndex((line) => line.startsWith('->'))
  if (arrow < 0) throw new Error(`${file}: ${title} has no end`)
  const dashes = lines.indexOf('--')
  const above = lines.slice(0, dashes < 0 ? arrow : dashes).join('\n')
  const history = dashes < 0 ? {} : yaml(lines.slice(dashes + 1, arrow).join('\n'), title)
  return caseOf(
    { family: file, name: title.trim() },
    { shared, own: yaml(above, title), history },
    wantOf(lines.slice(arrow), title),
  )
}

interface Parts {
  readonly shared: JsonObject
  readonly own: JsonObject
  readonly history: JsonObject
}

function caseOf(
  id: Pick<GoldenCase, 'family' | 'name'>,
  { shared, own, history }: Parts,
  want: Want,
): GoldenCase {
  const { stored, configMaps, caches, baseline, ...spec } = own
  return {
    ...id,
    workflow: readWorkflow(id.name, shared, spec),
    stored: storedTemplates(id.name, shared, objectOf(stored)),
    configMaps: objectOf(configMaps) as GoldenCase['configMaps'],
    caches: objectOf(caches) as unknown as Record<string, CacheMap>,
    baseline: baseline === undefined ? undefined : (baseline as unknown as Workflow),
    ends: Object.fromEntries(
      Object.entries(history)
        .filter(([name]) => name !== 'events')
        .map(([name, end]) => [name, outcomeOf(end)]),
    ),
    events: (history['events'] ?? []) as unknown as readonly string[],
    want,
  }
}

/** A number is an exit code, an object with other names than those of an outcome is what the step gives. */
function outcomeOf(end: unknown): Outcome {
  if (typeof end === 'number') return { exitCode: end }
  const { exit, error, fails, result, out, artifacts, ...rest } = end as Record<string, unknown>
  const parameters = Object.entries((out ?? {}) as Record<string, unknown>).map(
    ([name, value]) => ({ name, value: String(value) }),
  )
  const outputs = {
    ...(parameters.length > 0 && { parameters }),
    ...(result !== undefined && { result: String(result) }),
    ...(artifacts !== undefined && { artifacts }),
  }
  return {
    ...rest,
    ...(exit !== undefined && { exitCode: Number(exit) }),
    ...(error !== undefined && { verdict: { phase: 'Error', message: String(error) } }),
    ...(fails !== undefined && { verdict: { phase: 'Failed', message: String(fails) } }),
    ...(Object.keys(outputs).length > 0 && { outputs }),
  } as unknown as Outcome
}

const types = 'Pod|Container|Steps|StepGroup|DAG|TaskGroup|Retry|Skipped|Suspend|HTTP|Plugin'
const nodeLine = new RegExp(`^(.+?): ((?:${types}) \\w+(?:: .*)?)$`)

function wantOf([first = '', ...lines]: readonly string[], title: string): Want {
  const facts: Record<string, string> = {}
  const nodes: Record<string, { line: string; facts: Record<string, string> }> = {}
  let into = facts
  for (const line of lines.filter((one) => one.trim() !== '' && !one.startsWith('#'))) {
    const fact = /^ +(.+?) = ?(.*)$/.exec(line)
    const node = nodeLine.exec(line)
    if (fact !== null) into[fact[1] ?? ''] = fact[2] ?? ''
    else if (node !== null) {
      const made = { line: node[2] ?? '', facts: {} }
      nodes[node[1] ?? ''] = made
      into = made.facts
    } else throw new Error(`${title}: what is this? ${line}`)
  }
  return { end: first.slice(3), facts, nodes }
}

function yaml(text: string, where: string): JsonObject {
  const read = parseYaml(text)
  if ('problem' in read) throw new Error(`${where}: ${read.problem}`)
  return objectOf(read.value)
}

function objectOf(value: unknown): JsonObject {
  return isObject(value as JsonObject) ? (value as JsonObject) : {}
}
