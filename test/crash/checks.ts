import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeObject, Pod, Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { processesOf } from '../processes-of.ts'
import type { Lane } from './lane.ts'

/** What was counted, for the one who reads the test's output. */
export interface Counts {
  readonly workflows: number
  readonly pods: number
  readonly configMaps: number
  readonly ticks: number
}

/** Everything that is wrong after the end, a line each; all workflows have ended. */
export async function check(lane: Lane): Promise<{ flaws: readonly string[]; counts: Counts }> {
  const { client } = lane
  const { items: workflows } = await client.list<Workflow>({ resource: resources.workflows })
  const { items: pods } = await client.list<Pod>({ resource: resources.pods })
  const { items: objects } = await client.list<KubeObject>({ resource: resources.configMaps })
  const there = new Set(workflows.map(({ metadata }) => metadata.name))
  const ticks = workflows.filter(({ metadata }) => metadata.labels?.['shape'] === 'cron')
  const flaws = [
    ...[...lane.workflows.keys()].filter((name) => !there.has(name)).map((name) => `lost: ${name}`),
    ...lostObjects(lane, objects),
    ...workflows.flatMap((one) => workflowFlaws(one, pods, lane)),
    ...stepFlaws(pods, workflows, lane),
    ...lockFlaws(lane),
    ...madeFlaws(workflows, objects, lane),
    ...tickFlaws(ticks),
  ]
  const counts = { workflows: workflows.length, pods: pods.length }
  return { flaws, counts: { ...counts, configMaps: lane.configMaps.size, ticks: ticks.length } }
}

function lostObjects({ configMaps }: Lane, objects: readonly KubeObject[]): readonly string[] {
  const there = new Set(objects.map(({ metadata }) => metadata.name))
  return [...configMaps].filter((name) => !there.has(name)).map((name) => `lost: ${name}`)
}

const workflowLabel = 'workflows.argoproj.io/workflow'

function workflowFlaws(
  { metadata, status }: Workflow,
  pods: readonly Pod[],
  lane: Lane,
): readonly string[] {
  const { name = '' } = metadata
  const own = pods.filter((pod) => pod.metadata.labels?.[workflowLabel] === name)
  const wanted = lane.workflows.get(name)?.pods ?? 2
  const open = own.filter((pod) => !['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''))
  return [
    ...(status?.phase === 'Succeeded' ? [] : [`${name} ${status?.phase}: ${status?.message}`]),
    ...(own.length === wanted ? [] : [`${name} has ${own.length} pods, not ${wanted}`]),
    ...open.map((pod) => `pod ${pod.metadata.name} is left ${pod.status?.phase}`),
  ]
}

/** Who begins does so once, and ends once. */
function stepFlaws(
  pods: readonly Pod[],
  workflows: readonly Workflow[],
  lane: Lane,
): readonly string[] {
  const lines = linesOf(lane, 'steps')
  const count = (line: string) => lines.filter((one) => one === line).length
  const names = new Set(pods.map(({ metadata }) => metadata.name))
  const strangers = lines.filter((line) => !names.has(line.split(' ')[1]))
  const templates = templatesByPod(workflows)
  const cutOff = new Set(lane.shapes.flatMap((shape) => shape.cutOff ?? []))
  return [
    ...strangers.map((line) => `of no pod: ${line}`),
    ...pods.flatMap(({ metadata, spec }) => {
      if (spec.containers.some(({ image }) => image === 'argosy')) return []
      const { name = '' } = metadata
      const [begins, ends] = [count(`begin ${name}`), count(`end ${name}`)]
      const wanted = cutOff.has(templates.get(name) ?? '') ? 0 : 1
      return begins === 1 && ends === wanted ? [] : [`${name} began ${begins}, ended ${ends} times`]
    }),
  ]
}

/** Pods are named `<workflow>-<template>-<hash>`. */
function templatesByPod(workflows: readonly Workflow[]): ReadonlyMap<string, string> {
  const nodes = workflows.flatMap(({ metadata, status }) =>
    Object.values(status?.nodes ?? {}).map((node) => ({ ...node, workflow: metadata.name ?? '' })),
  )
  return new Map(
    nodes
      .filter(({ type }) => type === 'Pod')
      .map(({ id, workflow, templateName = '' }) => [
        `${workflow}-${templateName}-${id.slice(id.lastIndexOf('-') + 1)}`,
        templateName,
      ]),
  )
}

function linesOf({ ledger }: Lane, name: string): readonly string[] {
  const file = join(ledger, name)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

/** Nobody takes what another one holds. */
function lockFlaws(lane: Lane): readonly string[] {
  let holder: string | undefined
  const flaws: string[] = []
  for (const line of linesOf(lane, 'held')) {
    const [word, who] = line.split(' ')
    if (word === 'take' && holder !== undefined) flaws.push(`${who} took what ${holder} held`)
    holder = word === 'take' ? who : undefined
  }
  return flaws
}

function madeFlaws(
  workflows: readonly Workflow[],
  objects: readonly KubeObject[],
  lane: Lane,
): readonly string[] {
  return workflows.flatMap(({ metadata: { name = '' } }) => {
    const wanted = lane.workflows.get(name)?.objects ?? 0
    const made = objects.filter(({ metadata }) => metadata.labels?.['made-by'] === name).length
    return made === wanted ? [] : [`${name} made ${made} objects, not ${wanted}`]
  })
}

/** No tick is run twice. Of those that nobody was there for, one is enough: some may be left out. */
function tickFlaws(ticks: readonly Workflow[]): readonly string[] {
  const times = ticks.map(
    ({ metadata }) => metadata.annotations?.['workflows.argoproj.io/scheduled-time'] ?? 'no time',
  )
  const twice = times.filter((time, at) => times.indexOf(time) !== at)
  return [
    ...twice.map((time) => `the tick of ${time} ran twice`),
    ...(ticks.length === 0 ? ['no tick has run'] : []),
  ]
}

/** What is left on the machine when all programs have ended: processes, mounts, files. */
export async function leavings({ options }: Lane): Promise<readonly string[]> {
  const { dir, isSplit } = options
  let found: readonly string[] = []
  // A launcher goes by itself when its node has gone, a moment later.
  for (let tries = 0; tries < 50; tries++) {
    found = [...processes(dir), ...mounts(dir), ...files(join(dir, isSplit ? 'node' : 'data'))]
    if (found.length === 0) return []
    await delay(100)
  }
  return found
}

function processes(dir: string): readonly string[] {
  return processesOf(dir).map(({ pid, command }) => `process ${pid}: ${command}`)
}

function mounts(mark: string): readonly string[] {
  const lines = read('/proc/self/mountinfo').split('\n')
  return lines.filter((line) => line.includes(mark)).map((line) => `mounted: ${line}`)
}

function files(data: string): readonly string[] {
  return ['pods', 'containers', 'scratch'].flatMap((name) =>
    (existsSync(join(data, name)) ? readdirSync(join(data, name)) : [])
      // What a launcher keeps for its next container, empty; the next node removes it.
      .filter((entry) => entry !== 'data-dir' && !entry.startsWith('spare'))
      .map((entry) => `left: ${name}/${entry}`),
  )
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
