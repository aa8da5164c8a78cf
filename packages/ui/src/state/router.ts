import { useSyncExternalStore } from 'react'
import { lateWriter } from './late-writer.ts'
import { observable } from './observable.ts'

/** Where the reader is: the path below the base href, without a slash at its ends, and the search with its mark. */
export interface Place {
  readonly path: string
  readonly search: string
}

const place = observable<Place>({ path: '', search: '' })

export function parsePlace(href: string, base: string): Place {
  const { pathname, search } = new URL(href)
  const root = new URL(base).pathname
  const rest = pathname.startsWith(root) ? pathname.slice(root.length) : pathname
  return { path: rest.replace(/^\/+|\/+$/g, ''), search }
}

/** Follows the address bar from now on. */
export function startRouter(): void {
  const read = () => place.update(() => parsePlace(location.href, document.baseURI))
  window.addEventListener('popstate', () => {
    address.forget()
    read()
  })
  window.addEventListener('pagehide', address.write)
  read()
}

/** The address bar is told when who types rests: to tell it costs more than to search five thousand runs. */
const address = lateWriter((url: URL) => history.replaceState(null, '', url))

/**
 * Goes to a path below the base href. `replace` keeps the reader's way back short, and so does `typed`, for what changes
 * with every letter.
 */
export function navigate(to: string, how: 'push' | 'replace' | 'typed' = 'push'): void {
  const url = new URL(to || '.', document.baseURI)
  if (how === 'typed') address.soon(url)
  else {
    address.write()
    if (how === 'push') history.pushState(null, '', url)
    else history.replaceState(null, '', url)
  }
  place.update(() => parsePlace(url.href, document.baseURI))
}

export function usePlace(): Place {
  return useSyncExternalStore(place.subscribe, place.get)
}

/** One parameter of the search, and how to set it; `undefined` takes it away. */
export function useParam(name: string): readonly [string | undefined, (value?: string) => void] {
  const { path, search } = usePlace()
  const value = new URLSearchParams(search).get(name) ?? undefined
  return [value, (next) => navigate(path + withParam(search, { [name]: next }), 'replace')]
}

export function withParam(
  search: string,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const params = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') params.delete(name)
    else params.set(name, value)
  }
  const written = params.toString()
  return written && `?${written}`
}
