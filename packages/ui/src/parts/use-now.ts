import { useEffect, useState } from 'react'

/** The time, again every second while something is still going on. */
export function useNow(goesOn = true): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!goesOn) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [goesOn])
  return now
}
