/** How much of something is done. */
export interface Share {
  readonly done: number
  readonly all: number
}

/** `N/M`, undefined unless 0 ≤ N ≤ M and M is more than none. argo: Progress.IsValid. */
export function parseProgress(text: string | undefined): Share | undefined {
  const [, done, all] = /^\s*(\d+)\/(\d+)\s*$/.exec(text ?? '') ?? []
  const share = { done: Number(done), all: Number(all) }
  return share.all > 0 && share.done <= share.all && Number.isSafeInteger(share.all)
    ? share
    : undefined
}

export function formatProgress({ done, all }: Share): string {
  return `${done}/${all}`
}

/** Of a node that went well: what it reported before counts as done. */
export function completed(text: string | undefined): string {
  const all = parseProgress(text)?.all ?? 1
  return `${all}/${all}`
}
