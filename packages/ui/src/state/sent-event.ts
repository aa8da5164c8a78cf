import { isEventMeant, type Json, type WorkflowEventBinding } from '@argosy/engine'

/** An event as somebody writes it. */
export interface DraftEvent {
  readonly namespace: string
  readonly discriminator: string
  /** JSON; nothing is no payload. */
  readonly payload: string
  /** `x-name: value`, a line each. */
  readonly headers: string
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

type Headers = Readonly<Record<string, string>>

/** The headers, or what is wrong with them: others than those that begin with x- no binding can read. */
export function headersOf(
  text: string,
): { readonly headers: Headers } | { readonly problem: string } {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => /^\s*(x-[\w-]+)\s*:\s*([\x20-\x7e]*?)\s*$/i.exec(line))
  const odd = lines[pairs.indexOf(null)]
  if (odd !== undefined) return { problem: `“${odd.trim()}” is not as x-github-event: push` }
  return {
    headers: Object.fromEntries(
      pairs.map((pair) => [(pair?.[1] ?? '').toLowerCase(), pair?.[2] ?? '']),
    ),
  }
}

/** What each binding would make of the event, by the same rules as the server; none when it cannot be sent. */
export function verdictsOf(
  bindings: readonly WorkflowEventBinding[],
  { namespace, discriminator, ...texts }: DraftEvent,
): readonly Verdict[] {
  const [read, said] = [payloadOf(texts.payload), headersOf(texts.headers)]
  if ('problem' in read || 'problem' in said) return []
  const metadata = Object.fromEntries(
    Object.entries(said.headers).map(([name, value]) => [name, [value]]),
  )
  const event = { namespace, discriminator, payload: read.payload, metadata }
  return bindings.map((one) => {
    const binding = one.metadata.name ?? ''
    if (one.spec?.event === undefined) return { binding, meant: false, refused: 'it has no event' }
    const result = isEventMeant(one, event)
    return 'refused' in result
      ? { binding, meant: false, refused: result.refused }
      : { binding, meant: result.meant }
  })
}
