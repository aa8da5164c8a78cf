/** Kubernetes' metav1.Time: RFC 3339 with whole seconds. */
export function timestamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
