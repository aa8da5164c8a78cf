let known = { second: Number.NaN, text: '' }

/** Kubernetes' Time: UTC, whole seconds. */
export function rfc3339(ms: number): string {
  const second = Math.floor(ms / 1000)
  // Thousands are written in one second.
  if (known.second !== second) {
    known = { second, text: `${new Date(ms).toISOString().slice(0, 19)}Z` }
  }
  return known.text
}
