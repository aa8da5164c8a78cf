import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { numberAt, objectAt, objectsAt, textAt, textsAt } from '../parts/table/at.ts'

/** One webhook of a configuration, with its defaults. */
export interface Webhook {
  readonly name: string
  readonly client: JsonObject
  readonly rules: readonly WebhookRule[]
  readonly ignoresFailure: boolean
  readonly timeoutSeconds: number
  readonly namespaceSelector: JsonObject
  readonly objectSelector: JsonObject
  /** What it does beside answering: a dry run may call it only when that is nothing. */
  readonly isPure: boolean
  readonly reviewVersion: string
}

interface WebhookRule {
  readonly operations: readonly string[]
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  readonly resources: readonly string[]
  readonly scope: string
}

/** The webhooks of configurations, which are called in the order of their names. */
export function webhooksIn(configurations: readonly JsonObject[]): readonly Webhook[] {
  const name = (object: JsonObject) => textAt(object, 'metadata', 'name')
  return configurations
    .toSorted((a, b) => (name(a) < name(b) ? -1 : 1))
    .flatMap((configuration) => objectsAt(configuration, 'webhooks').map(webhookIn))
}

function webhookIn(object: JsonObject): Webhook {
  const effects = textAt(object, 'sideEffects')
  return {
    name: textAt(object, 'name'),
    client: objectAt(object, 'clientConfig'),
    rules: objectsAt(object, 'rules').map(ruleIn),
    ignoresFailure: object['failurePolicy'] === 'Ignore',
    timeoutSeconds: numberAt(object, 'timeoutSeconds') || 10,
    namespaceSelector: selectorIn(object['namespaceSelector']),
    objectSelector: selectorIn(object['objectSelector']),
    isPure: effects === 'None' || effects === 'NoneOnDryRun',
    reviewVersion: textsAt(object, 'admissionReviewVersions').find(isSpoken) ?? 'v1',
  }
}

/** Versions of the review that are spoken here. */
function isSpoken(version: string): boolean {
  return version === 'v1' || version === 'v1beta1'
}

function selectorIn(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function ruleIn(object: JsonObject): WebhookRule {
  return {
    operations: textsAt(object, 'operations'),
    apiGroups: textsAt(object, 'apiGroups'),
    apiVersions: textsAt(object, 'apiVersions'),
    resources: textsAt(object, 'resources'),
    scope: textAt(object, 'scope') || '*',
  }
}
