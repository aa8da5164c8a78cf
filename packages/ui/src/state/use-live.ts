import { useEffect, useState } from 'react'

interface Closable {
  readonly close: () => void
}

/** Opens something live for as long as the component and its key stay. */
export function useLive<T extends Closable>(key: string, open: () => T): T | undefined {
  const [live, setLive] = useState<{ key: string; source: T }>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names everything that `open` depends on
  useEffect(() => {
    const source = open()
    setLive({ key, source })
    return source.close
  }, [key])
  return live?.key === key ? live.source : undefined
}
