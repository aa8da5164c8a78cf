/** An error of the network as Go's HTTP client puts it. */
export function goNetworkError(method: string, url: string, error: unknown): string {
  const operation = `${method.slice(0, 1).toUpperCase()}${method.slice(1).toLowerCase()}`
  return `${operation} "${url}": ${reasonOf(error)}`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, address, port, hostname } = error as NodeJS.ErrnoException & {
    readonly address?: string
    readonly port?: number
    readonly hostname?: string
  }
  const place = `dial tcp ${address}:${port}`
  const inner = error instanceof AggregateError ? error.errors[0] : undefined
  if (inner !== undefined) return reasonOf(inner)
  if (error.name === 'TimeoutError') return 'context deadline exceeded'
  if (code === 'ECONNREFUSED') return `${place}: connect: connection refused`
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${hostname}: no such host`
  if (code === 'ECONNRESET') return 'EOF'
  return error.message
}
