import { isObject, type JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { at, objectAt } from '../table/at.ts'
import { podWarnings } from './pod-warnings.ts'

/** Where the template of a kind's pods is. */
const templates: Readonly<Record<string, readonly string[]>> = {
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  Job: ['spec', 'template'],
  PodTemplate: ['template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
}

/** What kubectl says of a built-in object that is taken all the same; of a change only when its spec has changed. */
export function objectWarnings(object: JsonObject, old: JsonObject | undefined): readonly string[] {
  const kind = String(object['kind'])
  if (kind === 'Pod') return old ? [] : podWarnings(objectAt(object, 'spec'), 'spec')
  const way = Object.hasOwn(templates, kind) ? templates[kind] : undefined
  if (way === undefined || (old && equalJson(old['spec'], object['spec']))) return []
  const spec = at(object, ...way, 'spec')
  return isObject(spec) ? podWarnings(spec, [...way, 'spec'].join('.')) : []
}
