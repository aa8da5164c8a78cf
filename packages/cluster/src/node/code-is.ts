/** True for Node's errors with one of these codes. */
export function codeIs(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
