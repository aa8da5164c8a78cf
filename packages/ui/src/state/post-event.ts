import { apiPath, reach, refused, segments } from '../http/api.ts'
import { type DraftEvent, headersOf, payloadOf } from './sent-event.ts'

/** Posts an event as any program could. Throws why it was not taken. */
export async function postEvent({ namespace, discriminator, ...texts }: DraftEvent): Promise<void> {
  const [read, said] = [payloadOf(texts.payload), headersOf(texts.headers)]
  if ('problem' in read) throw new Error(read.problem)
  if ('problem' in said) throw new Error(said.problem)
  const response = await reach(apiPath(`events/${segments(namespace, discriminator)}`), {
    method: 'POST',
    body: JSON.stringify(read.payload),
    headers: { 'Content-Type': 'application/json', ...said.headers },
  })
  if (!response.ok) throw refused(response.status, await reasonOf(response))
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text()
  try {
    const { message } = JSON.parse(text) as { readonly message?: string }
    return message || text
  } catch {
    // Not JSON: a proxy answered.
    return text || response.statusText
  }
}
