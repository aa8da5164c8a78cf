import { useEffect, useState } from 'react'

/** Changes when the colours do. */
export function useTheme(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const changed = () => setCount((value) => value + 1)
    const media = matchMedia('(prefers-color-scheme: dark)')
    const watch = new MutationObserver(changed)
    watch.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    media.addEventListener('change', changed)
    return () => {
      watch.disconnect()
      media.removeEventListener('change', changed)
    }
  }, [])
  return count
}
