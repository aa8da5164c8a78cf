import { useEffect } from 'react'

/** Acts when Escape is pressed, unless it is pressed in something that has a use for it. */
export function useEscape(act: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const busy =
        event.target instanceof Element && event.target.closest('dialog,input,textarea,select')
      if (event.key === 'Escape' && !busy) act()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  })
}
