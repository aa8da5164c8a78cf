import type { Route } from '../http/router.ts'

/** `/metrics`, for whoever has a token, as upstream; `isPublic` is its ARGO_SERVER_METRICS_AUTH=false. */
export function metricsRoutes(
  text: (() => string) | undefined,
  isPublic: boolean,
): readonly Route[] {
  if (!text) return []
  return [
    {
      ...{ method: 'GET', path: '/metrics', isPublic },
      handle: async () => ({
        kind: 'bytes',
        status: 200,
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: text(),
      }),
    },
  ]
}
