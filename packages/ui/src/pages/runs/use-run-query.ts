import { useCallback, useMemo, useRef } from 'react'
import { navigate, usePlace } from '../../state/router.ts'
import { formatRunQuery, parseRunQuery, type RunQuery } from '../../state/run-query.ts'

interface AskedRuns {
  readonly query: RunQuery
  readonly show: (next: RunQuery) => void
  readonly addLabel: (label: string) => void
}

/** What the address says about which runs to show. The functions stay: rows that stay too are not drawn with every letter. */
export function useRunQuery(): AskedRuns {
  const { path, search } = usePlace()
  const query = useMemo(() => parseRunQuery(search), [search])
  const latest = useRef(query)
  latest.current = query
  const show = useCallback(
    (next: RunQuery) => {
      const how = next.text === latest.current.text ? 'replace' : 'typed'
      navigate(path + formatRunQuery(next), how)
    },
    [path],
  )
  const addLabel = useCallback(
    (label: string) => {
      const { labels, ...others } = latest.current
      show({ ...others, filter: '', labels: [...new Set([...labels, label])] })
    },
    [show],
  )
  return { query, show, addLabel }
}
