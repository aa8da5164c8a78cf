// A status holds the same second ten times over, and writing one down costs as much as all the rest of it.
let second = Number.NaN
let text = ''

/** Kubernetes' metav1.Time: RFC 3339 with whole seconds. */
export function timestamp(at: number): string {
  const now = Math.floor(at / 1000)
  if (now !== second) {
    text = `${new Date(at).toISOString().slice(0, 19)}Z`
    second = now
  }
  return text
}
