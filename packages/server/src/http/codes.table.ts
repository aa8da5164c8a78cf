/** gRPC's codes that are answered here, each with its number and grpc-gateway's HTTP status. */
export const codes = {
  InvalidArgument: { grpc: 3, http: 400 },
  DeadlineExceeded: { grpc: 4, http: 504 },
  NotFound: { grpc: 5, http: 404 },
  AlreadyExists: { grpc: 6, http: 409 },
  PermissionDenied: { grpc: 7, http: 403 },
  ResourceExhausted: { grpc: 8, http: 429 },
  Unimplemented: { grpc: 12, http: 501 },
  /** Of a path that is there for other methods. */
  MethodNotAllowed: { grpc: 12, http: 405 },
  Internal: { grpc: 13, http: 500 },
  Unavailable: { grpc: 14, http: 503 },
  Unauthenticated: { grpc: 16, http: 401 },
} as const

export type ApiCode = keyof typeof codes

/** What a Kubernetes refusal is in gRPC; other 4xx are InvalidArgument, the rest Internal. argo: httpToStatusError. */
export const codeOfStatus: Readonly<Record<number, ApiCode>> = {
  400: 'InvalidArgument',
  401: 'Unauthenticated',
  403: 'PermissionDenied',
  404: 'NotFound',
  409: 'AlreadyExists',
  429: 'ResourceExhausted',
  501: 'Unimplemented',
  503: 'Unavailable',
  504: 'DeadlineExceeded',
}
