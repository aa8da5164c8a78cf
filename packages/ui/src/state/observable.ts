import { useCallback, useSyncExternalStore } from 'react'

/** One value that is replaced, never changed, and those who want to hear of it. */
export interface Observable<T> {
  readonly get: () => T
  /** Replaces the value; the same value again is no news. */
  readonly update: (change: (value: T) => T) => void
  readonly subscribe: (listener: () => void) => () => void
}

export function observable<T>(initial: T): Observable<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    update(change) {
      const next = change(value)
      if (Object.is(next, value)) return
      value = next
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What a component needs of an observable; it draws again only when that changes. */
export function useSelected<T, S>(source: Observable<T>, select: (value: T) => S): S {
  const read = useCallback(() => select(source.get()), [source, select])
  return useSyncExternalStore(source.subscribe, read, read)
}

/** The whole of an observable. */
export function useValue<T>(source: Observable<T>): T {
  return useSyncExternalStore(source.subscribe, source.get, source.get)
}
