import { randomUUID } from 'node:crypto'
import { isObject, type JsonObject } from '@argosy/engine'
import { applyJsonPatch, StatusError } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import { objectAt, objectsAt } from '../parts/table/at.ts'
import { badRequest } from '../refusals.ts'
import { type Answer, answerIn, type Question, reviewFor } from './admission-review.ts'
import { callWebhook, type FindService } from './call-webhook.ts'
import { isConcerned, isSelected, labelsOf, type ReviewedWrite } from './hears-of.ts'
import { type Webhook, webhooksIn } from './webhook.ts'

/** Others who are asked before something is written over the API. */
export interface Webhooks {
  /** Whether anybody wants to hear of such writes. */
  hear(write: ReviewedWrite): boolean
  /** What they make of the object; throws why it may not be. */
  mutate(question: Question, by: Asking): Promise<JsonObject | undefined>
  /** Throws why it may not be. */
  validate(question: Question, by: Asking): Promise<void>
}

interface Asking {
  readonly signal: AbortSignal
  /** Tells the client something. */
  readonly warn: (text: string) => void
}

const group = 'admissionregistration.k8s.io'
const mutating = `mutatingwebhookconfigurations.${group}`
const validating = `validatingwebhookconfigurations.${group}`

/** The webhooks of the configurations in a store. */
export function openWebhooks(store: Pick<Store, 'list' | 'get'>): Webhooks {
  const known = new Map<string, { readonly of: unknown; readonly webhooks: readonly Webhook[] }>()
  const all = (collection: string) => {
    const versions = store.list(collection)
    if (versions.length === 0) return []
    const key = versions.map(({ name, revision }) => `${name} ${revision}`).join(',')
    const before = known.get(collection)
    if (before?.of === key) return before.webhooks
    const webhooks = webhooksIn(versions.map(({ value }) => value as unknown as JsonObject))
    known.set(collection, { of: key, webhooks })
    return webhooks
  }
  // Whoever has locked himself out has to be able to take the lock away.
  const concerned = (collection: string, write: ReviewedWrite) =>
    write.group === group ? [] : all(collection).filter((one) => isConcerned(one, write))
  const selected = (collection: string, question: Question) => {
    const { object, old } = question
    const namespaceLabels = labelsOfNamespace(store, question)
    return concerned(collection, question.write).filter((one) =>
      isSelected(one, { object, old, namespaceLabels }),
    )
  }
  const ask = (webhook: Webhook, question: Question, by: Asking) =>
    askOne(webhook, question, { ...by, find: findService(store) })
  return {
    hear: (write) => [mutating, validating].some((one) => concerned(one, write).length > 0),
    mutate: async (question, by) => {
      let { object } = question
      for (const webhook of selected(mutating, question)) {
        const { denied, patch, warnings } = await ask(webhook, { ...question, object }, by)
        for (const warning of warnings) by.warn(warning)
        if (denied) throw denied
        if (object && patch.length > 0) object = patched(object, patch, webhook)
      }
      return object
    },
    validate: async (question, by) => {
      const asked = selected(validating, question).map((webhook) => ask(webhook, question, by))
      const answers = await Promise.all(asked)
      for (const { warnings } of answers) for (const warning of warnings) by.warn(warning)
      const denied = answers.find((answer) => answer.denied)?.denied
      if (denied) throw denied
    },
  }
}

function patched(object: JsonObject, patch: Answer['patch'], { name }: Webhook): JsonObject {
  try {
    return applyJsonPatch(object, patch) as JsonObject
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw internal(`the patch of webhook ${JSON.stringify(name)} does not fit: ${why}`)
  }
}

function internal(message: string): StatusError {
  const details = { causes: [{ message }] }
  return new StatusError('InternalError', `Internal error occurred: ${message}`, { details })
}

const silence: Answer = { denied: undefined, patch: [], warnings: [] }

async function askOne(
  webhook: Webhook,
  question: Question,
  { find, signal }: Asking & { readonly find: FindService },
): Promise<Answer> {
  const quoted = JSON.stringify(webhook.name)
  if (question.dryRun && !webhook.isPure)
    throw badRequest(`admission webhook ${quoted} does not support dry run`)
  const uid = randomUUID()
  try {
    const body = await callWebhook(webhook, reviewFor(question, webhook, uid), { find, signal })
    return answerIn(body, webhook, uid)
  } catch (error) {
    if (webhook.ignoresFailure) return silence
    const why = error instanceof Error ? error.message : String(error)
    throw internal(`failed calling webhook ${quoted}: ${why}`)
  }
}

/** A namespace is selected by its own labels. */
function labelsOfNamespace(store: Pick<Store, 'get'>, question: Question): JsonObject | undefined {
  const { write, namespace, object, old } = question
  if (write.plural === 'namespaces' && write.group === '') return labelsOf(object ?? old ?? {})
  if (namespace === undefined) return undefined
  const found = store.get({ collection: 'namespaces', namespace: '', name: namespace })
  return labelsOf((found?.value ?? {}) as unknown as JsonObject)
}

/** A pod behind a Service, by its Endpoints. */
function findService(store: Pick<Store, 'get'>): FindService {
  return ({ namespace, name, port }) => {
    const read = (collection: string) =>
      store.get({ collection, namespace, name })?.value as unknown as JsonObject | undefined
    const service = read('services')
    const quoted = JSON.stringify(name)
    if (!service) throw new Error(`service ${quoted} not found`)
    const own = objectsAt(objectAt(service, 'spec'), 'ports').find((one) => one['port'] === port)
    if (!own) throw new Error(`no service port ${port} found for service ${quoted}`)
    const portName = own['name'] ?? ''
    for (const subset of objectsAt(read('endpoints') ?? {}, 'subsets')) {
      const [address] = objectsAt(subset, 'addresses')
      const target = objectsAt(subset, 'ports').find((one) => (one['name'] ?? '') === portName)
      if (isObject(address) && target)
        return { host: String(address['ip']), port: Number(target['port']) }
    }
    throw new Error(`no endpoints available for service ${quoted}`)
  }
}
