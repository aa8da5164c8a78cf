import type { EventsStatus, KubeObject, Problem } from '@argosy/engine'
import type { Phase } from '../format/phase.ts'
import type { Shape } from './fold.ts'

/** What a box of the event flow is. */
export type FlowGenre =
  | 'source'
  | 'event'
  | 'bus'
  | 'sensor'
  | 'trigger'
  | 'entry'
  | 'binding'
  | 'run'
  | 'more'

/** How it is with it: `stored` is what no controller has looked at, `unknown` what the reader may not see. */
export type Standing =
  | 'ready'
  | 'pending'
  | 'failed'
  | 'stored'
  | 'missing'
  | 'wrong'
  | 'unknown'
  | 'served'
  | 'run'

/** A box of the event flow. */
export interface FlowShape extends Shape {
  readonly genre: FlowGenre
  /** Beside its name: of which type it is, or how many. */
  readonly detail: string
  readonly standing: Standing
  readonly namespace: string
  /** What it is, or is a part of. */
  readonly object?: KubeObject
  /** What of it could not be run. */
  readonly problems: readonly Problem[]
  /** The events that it waits for. */
  readonly needs: readonly string[]
}

export const standingWords: Readonly<Record<Standing, string>> = {
  ready: 'ready',
  pending: 'being set up',
  failed: 'not ready',
  stored: 'stored only, nothing runs it',
  missing: 'not there',
  wrong: 'cannot work as it is written',
  unknown: 'you may not see it',
  served: 'run by this server',
  run: '',
}

/** What somebody has to look after. */
export function isTrouble(standing: Standing): boolean {
  return standing === 'failed' || standing === 'missing' || standing === 'wrong'
}

/** The colours are those of phases. */
const phaseOf: Readonly<Record<Standing, Phase>> = {
  ready: 'Succeeded',
  pending: 'Pending',
  failed: 'Failed',
  stored: 'Skipped',
  missing: 'Failed',
  wrong: 'Failed',
  unknown: 'Skipped',
  served: 'Succeeded',
  run: 'Pending',
}

type Given = Pick<FlowShape, 'genre' | 'label' | 'standing' | 'namespace'> &
  Partial<Pick<FlowShape, 'detail' | 'object' | 'problems' | 'needs' | 'phase'>>

export function flowShape(id: string, given: Given): FlowShape {
  return {
    ...{ id, kind: 'node', members: [id], detail: '', problems: [], needs: [] },
    phase: phaseOf[given.standing],
    ...given,
  }
}

/** `source:team/webhook`; parts follow, as `event:team/webhook/push`. */
export function flowId(genre: FlowGenre, ...names: readonly string[]): string {
  return `${genre}:${names.join('/')}`
}

/** How it is with an object of Argo Events: what its controller says, and what is wrong with it where no controller has looked. */
export function standingOf(
  status: EventsStatus | null | undefined,
  problems: readonly Problem[],
): Standing {
  const conditions = status?.conditions ?? []
  if (conditions.some((one) => one.status === 'False')) return 'failed'
  if (conditions.length === 0) return problems.length > 0 ? 'wrong' : 'stored'
  return conditions.every((one) => one.status === 'True') ? 'ready' : 'pending'
}
