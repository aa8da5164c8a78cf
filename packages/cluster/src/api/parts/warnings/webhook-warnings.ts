import type { JsonObject } from '@argosy/engine'
import { objectsAt, textsAt } from '../table/at.ts'

/** What of a webhook configuration means something else here than in a cluster. */
export function webhookWarnings(object: JsonObject): readonly string[] {
  const webhooks = objectsAt(object, 'webhooks')
  if (webhooks.length === 0) return []
  return [
    'webhooks are called for what comes over the API, not for what the controllers of this server write (pods of Workflows and Jobs among it)',
    ...webhooks.flatMap((webhook, index) => oneWarnings(webhook, `webhooks[${index}]`)),
  ]
}

function oneWarnings(webhook: JsonObject, path: string): readonly string[] {
  const rules = objectsAt(webhook, 'rules')
  const connects = rules.some((rule) => textsAt(rule, 'operations').includes('CONNECT'))
  const hasConditions = objectsAt(webhook, 'matchConditions').length > 0
  const isAgain = webhook['reinvocationPolicy'] === 'IfNeeded'
  return [
    ...(hasConditions
      ? [`${path}.matchConditions: not evaluated here, the webhook is called without them`]
      : []),
    ...(isAgain ? [`${path}.reinvocationPolicy: each webhook is called once here`] : []),
    ...(connects ? [`${path}.rules: CONNECT is not told to webhooks here`] : []),
  ]
}
