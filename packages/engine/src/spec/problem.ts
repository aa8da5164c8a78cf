/** A mistake in a user's manifest: data, never thrown. `path` is dotted, as `spec.templates[0].steps`. */
export interface Problem {
  readonly path: string
  readonly message: string
}
