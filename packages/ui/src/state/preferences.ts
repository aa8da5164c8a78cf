import { managedNamespace } from './access.ts'
import { observable, useSelected } from './observable.ts'
import type { SavedFilter } from './saved-filters.ts'

export type Theme = 'system' | 'light' | 'dark'

interface Preferences {
  readonly theme: Theme
  /** The namespace that was looked at last; empty is all of them. */
  readonly namespace: string
  readonly filters: readonly SavedFilter[]
}

const key = 'argosy.preferences'

export const preferences = observable<Preferences>({
  theme: 'system',
  namespace: '',
  filters: [],
})

/** Where something new goes, and is looked for: the namespace that the server is for, or that was looked at last; '': all. */
export function useOwnNamespace(): string {
  const last = useSelected(preferences, namespaceOf)
  return managedNamespace() || last
}

const namespaceOf = ({ namespace }: Preferences) => namespace

/** Reads what the reader chose before, and keeps to it from now on. */
export function startPreferences(): void {
  preferences.update((value) => ({ ...value, ...stored() }))
  const apply = () => {
    const value = preferences.get()
    const { theme } = value
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    localStorage.setItem(key, JSON.stringify(value))
  }
  preferences.subscribe(apply)
  apply()
}

function stored(): Partial<Preferences> {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Preferences>
    return { ...value, filters: Array.isArray(value.filters) ? value.filters : [] }
  } catch {
    return {}
  }
}
