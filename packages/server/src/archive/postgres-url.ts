import { isObject, type JsonObject } from '@argosy/engine'

/** Upstream's `persistence.postgresql` as one url; `secret` resolves to a key of a secret. Throws what is missing. */
export async function postgresUrl(
  settings: JsonObject,
  secret: (selector: JsonObject) => Promise<string>,
): Promise<string> {
  const text = (name: string) => {
    const value = settings[name]
    if (typeof value === 'string' && value !== '') return value
    throw new Error(`persistence.postgresql.${name} is missing`)
  }
  const fromSecret = async (name: string) => {
    const selector = settings[name]
    if (isObject(selector)) return secret(selector)
    throw new Error(`persistence.postgresql.${name} is missing: a secret's name and key`)
  }
  const url = new URL(`postgres://${text('host')}/${encodeURIComponent(text('database'))}`)
  url.port = String(settings['port'] ?? 5432)
  url.username = encodeURIComponent(await fromSecret('userNameSecret'))
  url.password = encodeURIComponent(await fromSecret('passwordSecret'))
  if (settings['ssl'] === true)
    url.searchParams.set('sslmode', String(settings['sslMode'] ?? 'require'))
  return url.toString()
}
