import { isObject, type JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { at, objectAt } from '../table/at.ts'
import { podWarnings } from './pod-warnings.ts'
import { webhookWarnings } from './webhook-warnings.ts'

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

/** What has no effect here. */
const idle: Readonly<Record<string, string>> = {
  APIService: 'the object is kept, but no requests are passed on to other API servers here',
  HorizontalPodAutoscaler: 'the object is kept, but nothing here scales by it',
}

/** What kubectl says of a built-in object that is taken all the same; of a change only when its spec has changed. */
export function objectWarnings(object: JsonObject, old: JsonObject | undefined): readonly string[] {
  const kind = String(object['kind'])
  if (Object.hasOwn(idle, kind)) return [`${idle[kind]}`]
  if (kind.endsWith('WebhookConfiguration')) return webhookWarnings(object)
  if (kind === 'Pod') return old ? [] : podWarnings(objectAt(object, 'spec'), 'spec')
  const way = Object.hasOwn(templates, kind) ? templates[kind] : undefined
  if (way === undefined || (old && equalJson(old['spec'], object['spec']))) return []
  const spec = at(object, ...way, 'spec')
  return isObject(spec) ? podWarnings(spec, [...way, 'spec'].join('.')) : []
}
