import { isEventMeant, type Json, type WorkflowEventBinding } from '@argosy/engine'

/** An event as somebody writes it. */
export interface DraftEvent {
  readonly namespace: string
  readonly discriminator: string
  /** JSON; nothing is no payload. */
  readonly payload: string
}

/** What a binding would make of it. */
export interface Verdict {
  readonly binding: string
  readonly meant: boolean
  /** Why that cannot be told: its selector does not work with this event. */
  readonly refused?: string
}

/** The payload, or what is wrong with it. */
export function payloadOf(text: string): { readonly payload: Json } | { readonly problem: string } {
  if (text.trim() === '') return { payload: null }
  try {
    return { payload: JSON.parse(text) as Json }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** What each binding would make of the event, by the same rules as the server; none when the payload is no JSON. */
export function verdictsOf(
  bindings: readonly WorkflowEventBinding[],
  { namespace, discriminator, payload: text }: DraftEvent,
): readonly Verdict[] {
  const read = payloadOf(text)
  if ('problem' in read) return []
  const event = { namespace, discriminator, payload: read.payload, metadata: {} }
  return bindings.map((one) => {
    const binding = one.metadata.name ?? ''
    if (one.spec?.event === undefined) return { binding, meant: false, refused: 'it has no event' }
    const result = isEventMeant(one, event)
    return 'refused' in result
      ? { binding, meant: false, refused: result.refused }
      : { binding, meant: result.meant }
  })
}
