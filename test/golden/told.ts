import type { NodeStatus } from '../../packages/engine/src/spec/status.ts'
import type { Play } from '../../packages/engine/src/workflow/testing/play.ts'
import type { Facts, Want } from './golden-file.ts'
import { shortName } from './short-name.ts'

/** How a play ended, in the words of the case, as far as the case asks. */
export function told(play: Play, { facts, nodes: wanted }: Want): Want {
  const { phase = '', message } = play.workflow.status ?? {}
  const nodes = play.nodes
    .filter((node) => wanted[shortName(node)] !== undefined || !goesWithoutSaying(node))
    .map((node) => {
      const asked = wanted[shortName(node)]?.facts ?? {}
      return [
        shortName(node),
        { line: line(play, node), facts: factsOf(play, node, asked) },
      ] as const
    })
  return {
    end: withMessage(play, phase, message),
    facts: Object.fromEntries(Object.keys(facts).map((path) => [path, ofWorkflow(play, path)])),
    nodes: Object.fromEntries(nodes),
  }
}

/** Groups that succeeded are not worth a line. */
function goesWithoutSaying({ type, phase, message }: NodeStatus): boolean {
  return (
    ['Steps', 'StepGroup', 'DAG', 'TaskGroup'].includes(type) && phase === 'Succeeded' && !message
  )
}

function line(play: Play, { type, phase, message }: NodeStatus): string {
  return withMessage(play, `${type} ${phase}`, message)
}

/** Ids are read as the short names they stand for, and the end of a container in short. */
function withMessage(play: Play, text: string, message: string | undefined): string {
  if (!message) return text
  const readable = play.nodes
    .reduce((so, node) => so.replaceAll(`'${node.id}'`, `'${shortName(node)}'`), message)
    .replaceAll('\n', '\\n')
    .replaceAll(/main: Error \(exit code (\d+)\)/g, 'exit $1')
  return `${text}: ${readable}`
}

function factsOf(play: Play, node: NodeStatus, asked: Facts): Facts {
  return Object.fromEntries(Object.keys(asked).map((path) => [path, ofNode(play, node, path)]))
}

function ofNode(play: Play, node: NodeStatus, path: string): string {
  const [head = '', ...rest] = path.split('.')
  const name = rest.join('.')
  switch (head) {
    case 'in':
      return text(node.inputs?.parameters?.find((one) => one.name === name)?.value)
    case 'out':
      return text(node.outputs?.parameters?.find((one) => one.name === name)?.value)
    case 'result':
    case 'exitCode':
      return text(node.outputs?.[head])
    case 'children':
    case 'outboundNodes':
      return named(play, node[head])
    case 'boundary':
      return named(play, node.boundaryID === undefined ? [] : [node.boundaryID])
    case 'args':
      return text(
        podOf(play, node)
          ?.spec.containers.find((one) => one.name === 'main')
          ?.args?.join(' '),
      )
    case 'podGc':
      return text(
        podOf(play, node)?.metadata.annotations?.['workflows.argoproj.io/pod-gc-strategy'],
      )
    case 'plan':
      return text(at(planOf(play, node), rest))
    case 'pod':
      return text(at(podOf(play, node), rest))
    case 'lasted':
      return text((Date.parse(node.finishedAt ?? '') - Date.parse(node.startedAt ?? '')) / 1000)
    default:
      return text(at(node, [head, ...rest]))
  }
}

/** What the step's pod is told to do. */
function planOf(play: Play, node: NodeStatus): unknown {
  return JSON.parse(
    podOf(play, node)?.metadata.annotations?.['workflows.argoproj.io/template'] ?? '{}',
  )
}

function podOf(play: Play, { id }: NodeStatus) {
  const all = play.decisions.flatMap(({ create }) => create)
  return all.find(({ metadata }) => metadata.annotations?.['workflows.argoproj.io/node-id'] === id)
}

function named(play: Play, ids: readonly string[] = []): string {
  return play.nodes
    .filter(({ id }) => ids.includes(id))
    .map(shortName)
    .toSorted()
    .join(', ')
}

function ofWorkflow(play: Play, path: string): string {
  const [head = '', ...rest] = path.split('.')
  const { status, metadata } = play.workflow
  switch (head) {
    case 'global':
      return text(status?.outputs?.parameters?.find(({ name }) => name === rest.join('.'))?.value)
    case 'created':
      return play.created.map((name) => nameOfPod(play, name)).join(', ')
    case 'stopped':
      return play.decisions.flatMap(({ stop }) => stop.map(({ mode }) => mode)).join(', ')
    case 'label':
      return text(
        metadata.labels?.[rest.join('.')] ??
          metadata.labels?.[`workflows.argoproj.io/${rest.join('.')}`],
      )
    case 'annotation':
      return text(metadata.annotations?.[rest.join('.')])
    case 'metrics':
      return play.decisions
        .flatMap(({ metrics = [] }) => metrics)
        .map(({ name, value }) => `${name} ${typeof value === 'number' ? value : 'running'}`)
        .join(', ')
    case 'kept':
      return play.decisions
        .flatMap(({ remember = [] }) => remember.map(({ cache, key }) => `${cache}/${key}`))
        .join(', ')
    case 'lasted':
      return text(
        (Date.parse(status?.finishedAt ?? '') - Date.parse(status?.startedAt ?? '')) / 1000,
      )
    default:
      return text(at(status, [head, ...rest]))
  }
}

function nameOfPod(play: Play, name: string): string {
  const made = play.decisions
    .flatMap(({ create }) => create)
    .find(({ metadata }) => metadata.name === name)
  return (made?.metadata.annotations?.['workflows.argoproj.io/node-name'] ?? name).replace(
    /^w(?=.)/,
    '',
  )
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], value)
}

function text(value: unknown): string {
  if (value === undefined) return 'none'
  return typeof value === 'string' ? value.replaceAll('\n', '\\n') : JSON.stringify(value)
}
