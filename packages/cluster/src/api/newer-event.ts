import { isObject, type Json, type JsonObject, type KubeObject } from '@argosy/engine'

/** What an event of the core group calls what one of events.k8s.io calls otherwise. */
const names: readonly (readonly [core: string, newer: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['count', 'deprecatedCount'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
]
const newerName = new Map(names)
const coreName = new Map(names.map(([core, newer]) => [newer, core]))

/** An event as events.k8s.io has it; both groups show the same events. */
export function newerEvent(event: KubeObject): KubeObject {
  const renamed = withNames(event as unknown as JsonObject, newerName)
  // Go reads no empty time, and its clients refuse an event without.
  return { eventTime: null, ...renamed } as unknown as KubeObject
}

/** An event of events.k8s.io as the core group has it. */
export function coreEvent(event: KubeObject): KubeObject {
  const renamed = withNames(event as unknown as JsonObject, coreName)
  const { reportingInstance = '', reportingComponent = '' } = renamed
  const involved = renamed['involvedObject']
  return {
    ...renamed,
    involvedObject: isObject(involved) ? involved : {},
    ...{ reportingComponent, reportingInstance },
  } as unknown as KubeObject
}

/** The same for a part of one, as a patch has it. */
export function coreEventPatch(patch: JsonObject): JsonObject {
  return withNames(patch, coreName)
}

function withNames(object: JsonObject, to: ReadonlyMap<string, string>): JsonObject {
  const entries = Object.entries(object).map(([name, value]): [string, Json | undefined] => [
    to.get(name) ?? name,
    value,
  ])
  return Object.fromEntries(entries)
}
